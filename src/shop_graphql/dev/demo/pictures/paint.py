"""Colours and what they are on: one word decides whether brass shines or linen stays dull. Pure."""

import msgspec

LIGHT, DARK = (255, 253, 248), (24, 20, 22)
"""What is mixed into lit and unlit sides: a warm white and a black with a little red."""

Stops = tuple[tuple[float, float], ...]
"""Where along the surface (0 to 1) it is how much lighter (up to 1) or darker (down to -1)."""

ROUND: dict[str, Stops] = {
    "matte": ((0, -0.2), (0.28, 0.16), (0.6, 0), (1, -0.34)),
    "gloss": ((0, -0.28), (0.16, 0.1), (0.24, 0.5), (0.33, 0.14), (0.65, -0.06), (1, -0.42)),
    "metal": ((0, -0.42), (0.12, 0.12), (0.26, 0.6), (0.4, 0.08), (0.62, -0.26), (0.82, 0.26), (1, -0.46)),
    "glass": ((0, -0.1), (0.2, 0.45), (0.5, 0.1), (0.85, 0.2), (1, -0.25)),
}
FLAT: dict[str, Stops] = {
    "matte": ((0, 0.12), (0.55, 0), (1, -0.14)),
    "gloss": ((0, 0.28), (0.4, 0.02), (1, -0.2)),
    "metal": ((0, 0.36), (0.3, 0.02), (0.55, 0.24), (1, -0.26)),
    "glass": ((0, 0.4), (1, 0)),
}
BALL: dict[str, Stops] = {
    "matte": ((0, 0.24), (0.55, 0), (1, -0.36)),
    "gloss": ((0, 0.7), (0.22, 0.2), (0.6, -0.04), (1, -0.42)),
    "metal": ((0, 0.75), (0.3, 0.1), (0.7, -0.28), (0.88, 0.1), (1, -0.4)),
    "glass": ((0, 0.7), (0.5, 0.2), (1, -0.1)),
}
SURFACES = {"round": ROUND, "flat": FLAT, "ball": BALL}
TEXTURES = frozenset({"wood", "weave", "speckle", "marble"})
"""Finishes that are matte and have something on them."""


class Paint(msgspec.Struct, frozen=True):
    """Written as `#c8a45c metal`; no word is matte."""

    colour: str
    finish: str = "matte"

    @property
    def texture(self) -> str | None:
        return self.finish if self.finish in TEXTURES else None

    def stops(self, surface: str) -> list[tuple[float, str]]:
        """The gradient that makes a flat, round or ball-like part of it."""
        known = SURFACES[surface]
        return [(at, shaded(self.colour, by)) for at, by in known.get(self.finish, known["matte"])]

    def lit(self, by: float) -> "Paint":
        """The same material, lighter or darker."""
        return Paint(shaded(self.colour, by), self.finish)


def painted(text: str) -> Paint:
    """`#rrggbb finish`, the finish left out where it is matte."""
    colour, _, finish = text.partition(" ")
    return Paint(colour, finish or "matte")


def shaded(colour: str, by: float) -> str:
    """`colour` moved towards white (`by` above 0) or towards the dark (below)."""
    towards = LIGHT if by > 0 else DARK
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(
        f"{round(part + (goal - part) * abs(by)):02x}" for part, goal in zip(parts, towards, strict=True)
    )


def is_dark(colour: str) -> bool:
    """Whether print on it has to be light."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.3 * red + 0.59 * green + 0.11 * blue < 130
