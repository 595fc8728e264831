"""The demo's pictures: each is drawn, fits, differs, and is served with care."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from time import process_time
from xml.etree import ElementTree

import httpx
import pytest

from shop_graphql.api.context import Services
from shop_graphql.app import build_app
from shop_graphql.dev.demo.catalogue import catalogue, pictures
from shop_graphql.dev.demo.families import families
from shop_graphql.dev.demo.pictures.drawing import SHAPES, draw
from shop_graphql.dev.demo.pictures.paint import shaded
from shop_graphql.dev.graphiql.pages import development_extras


@pytest.fixture
async def http(services: Services, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = build_app(services, extras=development_extras(services, checkout=tmp_path))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shop") as client:
        yield client


def test_every_picture_is_drawn_as_svg() -> None:
    for picture in pictures().values():
        drawn = draw(picture)
        root = ElementTree.fromstring(drawn)  # noqa: S314  # drawn by ourselves

        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root[0].text == picture.alt
        assert "script" not in drawn
        assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
        assert "nan" not in drawn


def test_the_same_picture_is_drawn_the_same_and_fast() -> None:
    some = list(pictures().values())[::7]
    began = process_time()
    drawn = [draw(picture) for picture in some]
    seconds = process_time() - began

    assert drawn == [draw(picture) for picture in some]
    assert seconds / len(some) < 0.005


def test_every_shape_is_used_and_every_family_has_its_own_looks() -> None:
    assert {picture.shape for picture in pictures().values()} == SHAPES.keys()
    for family in families():
        named = {*family.look.body, *family.look.accent} - {""}
        known = {*family.lines, *family.makes, *family.values}
        assert named <= known, family.code
        firsts = {
            draw(product.pictures[0]).split("</title>")[1]
            for product in catalogue().products
            if product.sku.startswith(family.code)
        }
        assert len(firsts) == len(family.lines) * len(family.makes), family.code


def test_alternative_texts_are_filled_sentences() -> None:
    for picture in pictures().values():
        assert picture.alt[0].isupper()
        assert not {"{", "}"} & set(picture.alt)
        assert not re.search(r"\b[Aa] [aeiouAEIO]", picture.alt), picture.alt
        assert 15 < len(picture.alt) < 120


def test_shading_goes_towards_light_and_dark() -> None:
    assert shaded("#808080", 0) == "#808080"
    assert shaded("#808080", 1) == "#fffdf8"
    assert shaded("#808080", -1) == "#181416"


async def test_a_picture_is_served_with_headers_that_tie_its_hands(http: httpx.AsyncClient) -> None:
    name = next(iter(pictures()))

    answer = await http.get(f"/media/demo/{name}.svg")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "max-age=" in answer.headers["cache-control"]
    again = await http.get(f"/media/demo/{name}.svg", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["nobody-knows-it.svg", "LUM-FJ-SMK", "..%2Fdemo.svg"])
async def test_an_unknown_picture_is_not_found(http: httpx.AsyncClient, name: str) -> None:
    assert (await http.get(f"/media/demo/{name}")).status_code == 404
