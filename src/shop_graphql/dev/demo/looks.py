"""Which pictures a product has: the whole thing, a closer look at it, and each variant that looks different. Pure."""

from collections.abc import Mapping, Sequence

from shop_graphql.dev.demo.shapes import Look, Picture, Variant

PLAIN = "#d8d3c8"


def pictures_of(
    look: Look, *, brand: str, line: str, make: str, variants: Sequence[Variant], form: int
) -> list[Picture]:
    """Named by SKU; the first shows the first variant and stands for all, the second is nearer."""
    first, *others = variants
    pictures = [_picture(look, brand, line, make, first, form)]
    near = _picture(look, brand, line, make, first, form, is_near=True)
    if any(one.name in paints for one in variants for paints in (look.body, look.accent)):
        pictures = [_of_variant(pictures[0], 0)]
        pictures += [
            _of_variant(_picture(look, brand, line, make, one, form), place)
            for place, one in enumerate(others, start=1)
        ]
    return [pictures[0], near, *pictures[1:]]


def _picture(
    look: Look, brand: str, line: str, make: str, variant: Variant, form: int, *, is_near: bool = False
) -> Picture:
    # Names of materials are common nouns inside of a sentence.
    shown = look.alt.format(line=line, make=make.lower(), value=variant.name.lower())
    shown = shown[:1].upper() + shown[1:]
    return Picture(
        name=f"{variant.sku}-near" if is_near else variant.sku,
        shape=look.shape,
        body=_paint(look.body, make, variant.name, line),
        accent=_paint(look.accent, variant.name, make, line),
        form=form,
        brand=brand,
        label=line,
        alt=f"{shown}, seen from near" if is_near else shown,
        is_near=is_near,
    )


def _of_variant(picture: Picture, place: int) -> Picture:
    return Picture(
        name=picture.name,
        shape=picture.shape,
        body=picture.body,
        accent=picture.accent,
        form=picture.form,
        brand=picture.brand,
        label=picture.label,
        alt=picture.alt,
        variant=place,
    )


def _paint(paints: Mapping[str, str], *names: str) -> str:
    return next((paints[name] for name in (*names, "") if name in paints), PLAIN)
