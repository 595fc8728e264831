"""GraphiQL in a real browser: the whole walk-through by clicks, and nothing that leaves this machine."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Response

from shop_graphql.dev.graphiql.tabs import Tab, walk_through
from tests.e2e.browser import DESKTOP, PHONE, Browser, chromium
from tests.e2e.running import ROOT, Run, cleared, free_ports, fresh_copy
from tests.waiting import until

pytestmark = [pytest.mark.needs("chromium", "chromium"), pytest.mark.slow, pytest.mark.timeout(240)]

STATUS_WAITED_FOR = {"order": "PAID"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """The whole shop as a newcomer starts it."""
    checkout = fresh_copy(tmp_path_factory.mktemp("newcomer") / "shop")
    with cleared(checkout):
        run = Run(checkout, free_ports(), through_make=False)
        try:
            run.wait_until_open()
            yield run
        finally:
            run.stop()


def is_live(tab: Tab) -> bool:
    return "subscription " in tab.query


class GraphiQL:
    """The page as a person uses it."""

    def __init__(self, browser: Browser) -> None:
        self.page = browser.page
        self.editor = self.page.locator(".graphiql-query-editor .view-lines")
        self.shown = self.page.locator(".graphiql-response .view-lines")
        self.play = self.page.locator(".graphiql-execute-button")

    async def choose(self, number: int) -> None:
        """The tab is the one whose editors are shown."""
        await self.page.locator(".graphiql-tab-button").nth(number).click()
        await self.page.locator(f".graphiql-tab-active:nth-child({number + 1})").wait_for()

    async def press_play(self) -> dict[str, Any]:
        """The answer's data, once it is shown."""
        async with self.page.expect_response(_is_graphql) as answered:
            await self.play.click()
        body = await (await answered.value).json()
        assert "errors" not in body, body
        [field, *_] = body["data"]
        await self.shown.filter(has_text=f'"{field}"').wait_for()
        data: dict[str, Any] = body["data"]
        return data

    async def until_it_shows(self, text: str) -> None:
        await self.shown.filter(has_text=text).wait_for()


def _is_graphql(response: Response) -> bool:
    return response.url.endswith("/graphql") and response.request.method == "POST"


@asynccontextmanager
async def graphiql(run: Run, size: tuple[int, int] = DESKTOP) -> AsyncIterator[tuple[Browser, GraphiQL]]:
    async with chromium(size) as browser:
        await browser.page.goto(run.url() + "/")
        await browser.page.get_by_role("link", name="GraphiQL").click()
        page = GraphiQL(browser)
        # Who chooses a tab before the editors are there is shown the first one's text in them.
        await page.editor.filter(has_text="query Products").wait_for()
        yield browser, page


async def answer_of(page: GraphiQL, number: int) -> dict[str, Any]:
    """What the tab's operation is answered, once it is what was waited for."""
    await page.choose(number)

    async def answered() -> dict[str, Any] | None:
        answer = await page.press_play()
        waited = [answer[name]["status"] == status for name, status in STATUS_WAITED_FOR.items() if name in answer]
        return answer if all(waited) else None

    answer = await until(answered, seconds=30, every=0.3)
    refusals = [payload["userErrors"] for payload in answer.values() if "userErrors" in payload]
    assert not any(refusals), refusals
    return answer


def place_of(field: str) -> int:
    """The number of the tab that asks for `field`."""
    [place] = [
        number for number, tab in enumerate(walk_through(ROOT)) if re.search(rf"^  {field}\b", tab.query, re.MULTILINE)
    ]
    return place


async def test_the_walk_through_buys_and_ships_by_clicks(run: Run) -> None:
    async with graphiql(run) as (browser, page):
        seen: dict[str, Any] = {}
        for number, tab in enumerate(walk_through(ROOT)):
            if not is_live(tab):
                seen |= await answer_of(page, number)

        assert seen["order"]["status"] == "PAID"
        assert seen["productCreate"]["product"]["status"] == "PUBLISHED"
        assert seen["sellerOrders"]["nodes"][0]["number"] == seen["checkout"]["order"]["number"]
        assert seen["fulfillmentCreate"]["subOrder"]["status"] == "SHIPPED"
        assert browser.complaints == []
        assert browser.hosts == {"127.0.0.1"}


async def test_editors_show_what_is_sent(run: Run) -> None:
    first, signed_in = walk_through(ROOT)[0], walk_through(ROOT)[2]
    async with graphiql(run) as (browser, page):
        variables = browser.page.get_by_label("Variables").locator(".view-lines")
        await variables.filter(has_text=str(json.loads(first.variables)["query"])).wait_for()

        await page.choose(2)
        await browser.page.get_by_role("button", name="Headers").click()

        headers = browser.page.get_by_label("Headers").locator(".view-lines")
        await headers.filter(has_text=json.loads(signed_in.headers)["Authorization"]).wait_for()


async def test_a_tab_run_too_early_says_what_comes_first(run: Run) -> None:
    async with graphiql(run, PHONE) as (_, page):
        await page.choose(4)
        await page.play.click()

        await page.until_it_shows("run the tab with `cartCreate` first")


async def test_a_live_tab_shows_what_happens_in_another_window(run: Run) -> None:
    async with graphiql(run) as (browser, buyer), graphiql(run) as (_, seller):
        for field in ("products", "cartCreate", "cartLinesAdd", "checkout", "paymentInitiate", "order"):
            await answer_of(buyer, place_of(field))
        await buyer.choose(place_of("orderUpdated"))
        async with browser.page.expect_response(_is_graphql):
            await buyer.play.click()

        for field in ("me", "sellerOrders", "fulfillmentCreate"):
            await answer_of(seller, place_of(field))

        await buyer.until_it_shows('"trackingNumber"')
        assert browser.complaints == []
