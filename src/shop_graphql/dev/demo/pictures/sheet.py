"""The sheet that goods are drawn on: a quiet studio, light from the upper left, a soft shadow on the ground."""

from html import escape

from shop_graphql.dev.demo.pictures.paint import Paint

SIDE = 800
"""Width and height in pixels."""
GROUND = 640
"""Where things stand. Units: pixels from above."""
TONES = ("#f1ece4", "#ebeeee", "#edefe8", "#f1ebe8", "#eceaf0")
NEAR = 1.85
"""How much nearer the second picture is."""

TEXTURES = {
    "wood": (
        180,
        44,
        '<path d="M0 8q45-7 90 0t90 0M0 19q45 6 90 0t90 0M0 30q45-4 90 0t90 0M0 39q45 5 90 0t90 0" '
        'fill="none" stroke="#3a2413" stroke-opacity=".2" stroke-width="1.6"/>',
    ),
    "weave": (
        8,
        8,
        '<path d="M0 2h8M0 6h8" stroke="#fff" stroke-opacity=".16"/>'
        '<path d="M2 0v8M6 0v8" stroke="#1a1412" stroke-opacity=".13"/>',
    ),
    "speckle": (
        64,
        64,
        '<g fill="#2a1f18" fill-opacity=".36"><circle cx="8" cy="12" r="1.5"/><circle cx="31" cy="5" r="1"/>'
        '<circle cx="50" cy="22" r="1.9"/><circle cx="20" cy="38" r="1.2"/><circle cx="42" cy="49" r="1.4"/>'
        '<circle cx="6" cy="57" r="1"/><circle cx="60" cy="60" r="1.2"/></g>'
        '<g fill="#fff" fill-opacity=".5"><circle cx="16" cy="24" r="1"/><circle cx="38" cy="33" r="1.2"/></g>',
    ),
    "marble": (
        150,
        120,
        '<g fill="none" stroke-width="5" stroke-opacity=".34"><path d="M0 20q40 26 75 4t75 14" stroke="#35506b"/>'
        '<path d="M0 52q36-24 75 0t75-6" stroke="#fff"/><path d="M0 84q40 22 80-4t70 12" stroke="#8d3f35"/>'
        '<path d="M0 110q30-16 75 2t75-6" stroke="#d0a94f"/></g>',
    ),
}


def box(x: float, y: float, width: float, height: float, radius: float = 0) -> str:
    """A rectangle with round corners, as a path."""
    r, w, h = radius, width - 2 * radius, height - 2 * radius
    corner = f"a{r} {r} 0 0 1 "
    return (
        f"M{x + r:g} {y:g}h{w:g}{corner}{r} {r}v{h:g}{corner}{-r} {r}h{-w:g}{corner}{-r} {-r}v{-h:g}{corner}{r} {-r}z"
    )


def oval(cx: float, cy: float, rx: float, ry: float) -> str:
    return f"M{cx - rx:g} {cy:g}a{rx:g} {ry:g} 0 1 1 {2 * rx:g} 0a{rx:g} {ry:g} 0 1 1 {-2 * rx:g} 0z"


def tub(cx: float, top: float, bottom: float, wide: float, foot: float, tilt: float = 0.13) -> str:
    """Something turned on a lathe: radius `wide` at the top, `foot` below, seen a little from above."""
    return (
        f"M{cx - wide:g} {top:g}L{cx - foot:g} {bottom:g}A{foot:g} {foot * tilt:g} 0 0 0 {cx + foot:g} {bottom:g}"
        f"L{cx + wide:g} {top:g}A{wide:g} {wide * tilt:g} 0 0 0 {cx - wide:g} {top:g}z"
    )


class Sheet:
    """Collects what is drawn, back to front."""

    def __init__(self, tone: int) -> None:
        self._tone = TONES[tone % len(TONES)]
        self._definitions: dict[str, str] = {}
        self._drawn: list[str] = []

    def shadow(self, cx: float, width: float, y: float = GROUND, height: float | None = None) -> None:
        """Soft on the ground, and darker where the thing touches it."""
        tall = height or width * 0.13
        self._drawn.append(
            f'<ellipse cx="{cx + width * 0.1:g}" cy="{y + 3:g}" rx="{width:g}" ry="{tall:g}" fill="url(#soft)"/>'
            f'<ellipse cx="{cx:g}" cy="{y:g}" rx="{width * 0.78:g}" ry="{tall * 0.5:g}" fill="url(#soft)"/>'
        )

    def part(self, path: str, paint: Paint, surface: str = "round", opacity: float = 1) -> None:
        """A piece of the thing, lit as its surface and material demand."""
        seen = 0.5 * opacity if paint.finish == "glass" else opacity
        self._path(path, self._gradient(paint, surface), seen)
        if paint.finish == "glass":
            self.line(path, "#ffffff", 2.5, 0.5)
        if paint.texture:
            self._path(path, self._texture(paint.texture), opacity)

    def hollow(self, cx: float, y: float, radius: float, paint: Paint, tilt: float = 0.13) -> None:
        """The rim of something open, and the dark inside of it."""
        self.part(oval(cx, y, radius, radius * tilt), paint.lit(0.3), "flat")
        inner = radius - 7
        self.part(oval(cx, y + 2, inner, inner * tilt), Paint(paint.lit(-0.42).colour), "flat")

    def fill(self, path: str, colour: str, opacity: float = 1) -> None:
        self._path(path, colour, opacity)

    def line(self, path: str, colour: str, width: float, opacity: float = 1) -> None:
        self._drawn.append(
            f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-opacity="{opacity:g}" '
            'stroke-linecap="round" stroke-linejoin="round"/>'
        )

    def rod(self, path: str, paint: Paint, width: float) -> None:
        """A round bar along a line: its dark side, itself, and the light along it."""
        self.line(path, paint.lit(-0.42).colour, width)
        self.line(path, paint.colour, width * 0.74)
        self.line(path, paint.lit(0.45).colour, width * 0.2, 0.9)

    def glow(self, cx: float, cy: float, radius: float) -> None:
        """Light of a lamp that is on."""
        self._drawn.append(f'<circle cx="{cx:g}" cy="{cy:g}" r="{radius:g}" fill="url(#glow)"/>')

    def text(self, x: float, y: float, words: str, size: float, colour: str, *, spacing: float = 0) -> None:
        """One centred line of print."""
        self._drawn.append(
            f'<text x="{x:g}" y="{y:g}" font-family="Georgia, \'DejaVu Serif\', serif" font-size="{size:g}" '
            f'letter-spacing="{spacing:g}" text-anchor="middle" fill="{colour}">{escape(words)}</text>'
        )

    def turned(self, degrees: float, cx: float = 400, cy: float = 400) -> None:
        """What follows is turned, until `straight`."""
        self._drawn.append(f'<g transform="rotate({degrees:g} {cx:g} {cy:g})">')

    def straight(self) -> None:
        self._drawn.append("</g>")

    def svg(self, title: str, *, focus: tuple[float, float] | None = None) -> str:
        """The picture; with `focus` from near, that point in its middle."""
        move = ""
        if focus is not None:
            x, y = focus
            move = f' transform="translate({SIDE / 2 - x * NEAR:g} {SIDE / 2 - y * NEAR:g}) scale({NEAR})"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}" '
            f'role="img"><title>{escape(title)}</title><defs>{_STUDIO}{"".join(self._definitions.values())}</defs>'
            f'<rect width="{SIDE}" height="{SIDE}" fill="{self._tone}"/><rect width="{SIDE}" height="{SIDE}" '
            f'fill="url(#wall)"/><rect y="520" width="{SIDE}" height="280" fill="url(#floor)"/>'
            f"<g{move}>{''.join(self._drawn)}</g></svg>"
        )

    def _path(self, path: str, fill: str, opacity: float) -> None:
        seen = "" if opacity == 1 else f' fill-opacity="{opacity:g}"'
        self._drawn.append(f'<path d="{path}" fill="{fill}"{seen}/>')

    def _gradient(self, paint: Paint, surface: str) -> str:
        name = f"{surface}{paint.colour[1:]}{paint.finish}"
        if name not in self._definitions:
            stops = "".join(f'<stop offset="{at:g}" stop-color="{colour}"/>' for at, colour in paint.stops(surface))
            kind, place = {
                "round": ("linear", ""),
                "flat": ("linear", ' x2=".55" y2="1"'),
                "ball": ("radial", ' cx=".36" cy=".28" r=".78"'),
            }[surface]
            self._definitions[name] = f'<{kind}Gradient id="{name}"{place}>{stops}</{kind}Gradient>'
        return f"url(#{name})"

    def _texture(self, name: str) -> str:
        width, height, drawn = TEXTURES[name]
        self._definitions[name] = (
            f'<pattern id="{name}" width="{width}" height="{height}" patternUnits="userSpaceOnUse">{drawn}</pattern>'
        )
        return f"url(#{name})"


_STUDIO = (
    '<radialGradient id="wall" cx=".38" cy=".3" r=".85"><stop offset="0" stop-color="#fff" stop-opacity=".75"/>'
    '<stop offset=".6" stop-color="#fff" stop-opacity=".1"/><stop offset="1" stop-color="#6b5f55" stop-opacity=".14"/>'
    '</radialGradient><linearGradient id="floor" x2="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity="0"/>'
    '<stop offset=".45" stop-color="#fff" stop-opacity=".34"/><stop offset="1" stop-color="#fff" stop-opacity=".1"/>'
    '</linearGradient><radialGradient id="soft"><stop offset="0" stop-color="#2a211c" stop-opacity=".42"/>'
    '<stop offset=".55" stop-color="#2a211c" stop-opacity=".17"/><stop offset="1" stop-color="#2a211c" '
    'stop-opacity="0"/></radialGradient><radialGradient id="glow"><stop offset="0" stop-color="#ffdf9e" '
    'stop-opacity=".85"/><stop offset=".5" stop-color="#ffdf9e" stop-opacity=".28"/><stop offset="1" '
    'stop-color="#ffdf9e" stop-opacity="0"/></radialGradient>'
)
