"""Furniture, textiles and what lies in a bathroom."""

from shop_graphql.dev.demo.pictures.brush import Brush
from shop_graphql.dev.demo.pictures.paint import Paint
from shop_graphql.dev.demo.pictures.sheet import GROUND, Sheet, box, oval, tub

IRON = Paint("#3a3836", "metal")
CLOTH_EDGE = "#2a211c"


def shelf(c: Sheet, k: Brush) -> None:
    """On the wall, with a few things on it so that its size is seen."""
    c.fill(box(130, 470, 560, 70, 30), "#2a211c", 0.13)
    c.part(box(216, 296, 46, 140, 3), Paint("#7d8f86", "weave"), "round")
    c.part(box(264, 316, 36, 120, 3), Paint("#b5654a", "weave"), "round")
    c.part(box(302, 286, 52, 150, 3), Paint("#e2d7c2", "weave"), "round")
    c.part(tub(540, 372, 434, 42, 34), Paint("#c9cfc6", "speckle"))
    for x, y in ((500, 300), (540, 268), (586, 306)):
        c.line(f"M540 380Q{x} 350 {x} {y + 14}", "#6d7f5b", 4)
        c.part(oval(x, y, 20, 34), Paint("#839a6c"), "ball")
    c.part("M96 436L150 414H664L704 436z", k.body.lit(0.25), "flat")
    c.part(box(96, 436, 608, 34, 3), k.body, "flat")
    if k.form == 0:
        c.part(box(96, 424, 608, 14, 3), k.body.lit(0.12), "flat")
    if k.form == 2:
        c.rod("M150 540H650", IRON, 10)
        for x in (220, 330, 480, 580):
            c.line(f"M{x} 540v22q0 18 18 18", "#3a3836", 7)
        for x in (160, 640):
            c.rod(f"M{x} 470V540", IRON, 8)
    elif k.form == 3:
        c.part("M96 470L96 560Q340 548 470 470z", k.body.lit(-0.1), "flat")
    else:
        for x in (190, 596):
            c.part(f"M{x} 470h16v64q-16-4-16-30z", k.body.lit(-0.18), "flat")


def stool(c: Sheet, k: Brush) -> None:
    """Legs first, those behind darker."""
    c.shadow(400, 210)
    low = 40 if k.form == 3 else 0
    top, spread = 340 + low, 150 if k.form != 0 else 136
    back = k.body.lit(-0.3)
    legs: tuple[tuple[int, int, Paint], ...] = (
        (-58, -104, back),
        (58, 104, back),
        (-118, -spread, k.body),
        (118, spread, k.body),
    )
    if k.form == 0:
        legs = ((0, 6, back), (-112, -spread, k.body), (112, spread, k.body))
    for at, foot, paint in legs:
        x, y, end = 400 + at, 400 + foot, GROUND if paint is k.body else GROUND - 26
        c.part(f"M{x - 17} {top + 20}L{y - 12} {end}h24L{x + 17} {top + 20}z", paint)
    if k.form in {1, 2}:
        c.part(f"M272 {540}h256v20h-256z", k.body.lit(-0.12), "flat")
    seat = 178 if k.form != 3 else 204
    c.part(f"M{400 - seat} {top}v30a{seat} {seat * 0.2:g} 0 0 0 {2 * seat} 0v-30z", k.body.lit(-0.1))
    c.part(oval(400, top, seat, seat * 0.2), k.body.lit(0.14), "flat")
    if k.form == 2:
        c.fill(oval(400, top + 3, seat * 0.7, seat * 0.1), CLOTH_EDGE, 0.14)
    if k.accent.finish == "weave":
        c.part(f"M{430 - seat} {top - 6}v-16a{seat - 30} {seat * 0.17:g} 0 0 1 {2 * seat - 60} 0v16z", k.accent)
        c.part(oval(400, top - 22, seat - 30, seat * 0.165), k.accent.lit(0.14), "flat")


def throw(c: Sheet, k: Brush) -> None:
    """Folded three times, with its fringe in front."""
    c.shadow(400, 270)
    for layer in range(4):
        y = 540 - layer * 66
        paint = k.body.lit(-0.1 + layer * 0.05)
        c.part(f"M150 {y}Q126 {y + 48} 150 {y + 100}H640Q672 {y + 50} 640 {y}z", paint, "flat")
        c.line(f"M152 {y + 2}Q130 {y + 48} 152 {y + 98}", CLOTH_EDGE, 3, 0.18)
        c.line(f"M156 {y + 98}H640", CLOTH_EDGE, 3, 0.2)
    c.part("M190 342Q180 300 220 290H600Q640 300 650 342L560 366H470L250 354z", k.body.lit(0.16), "flat")
    c.part("M240 342H560V560Q400 576 240 560z", k.body.lit(0.08), "flat")
    _weaving(c, k)
    for x in range(246, 560, 14):
        c.line(f"M{x} 562q{(x % 5) - 2} 24 {(x % 7) - 3} 46", k.body.lit(0.1).colour, 6)
        c.line(f"M{x + 4} 562q{(x % 5) - 2} 24 {(x % 7) - 3} 44", CLOTH_EDGE, 1.5, 0.25)


def _weaving(c: Sheet, k: Brush) -> None:
    light = k.body.lit(0.5).colour
    if k.form == 0:
        for y in range(360, 552, 24):
            c.line(f"M244 {y}" + "l20 14l20-14" * 8, light, 3, 0.45)
    elif k.form == 1:
        for x in (270, 330, 390, 450, 510):
            c.fill(box(x, 342, 26, 222), light, 0.5)
    elif k.form == 2:
        for y in range(352, 556, 16):
            c.line(f"M246 {y}q80 5 156 0t154 0", "#6b4a6b", 3, 0.22)
            c.line(f"M246 {y + 8}q80-5 156 0t154 0", light, 2, 0.3)
    else:
        cells = [(x, y) for y in range(356, 552, 28) for x in range(252, 548, 30)]
        c.fill("".join(box(x, y, 22, 20, 4) for x, y in cells), CLOTH_EDGE, 0.12)


def bedding(c: Sheet, k: Brush) -> None:
    """The folded cover, and its pillowcase on it."""
    c.shadow(400, 290)
    for layer in range(3):
        y = 570 - layer * 62
        c.part(f"M120 {y}q-20 34 0 68h548q30-34 0-68z", k.body.lit(-0.08 + 0.05 * layer), "flat")
        c.line(f"M124 {y + 66}h544", CLOTH_EDGE, 3, 0.18)
    c.part("M150 446Q120 420 160 396Q400 372 640 396Q680 420 650 446z", k.body.lit(0.14), "flat")
    c.part("M196 390Q156 300 210 262Q400 226 590 262Q644 300 604 390Q400 424 196 390z", k.body.lit(0.22), "ball")
    c.line("M228 378Q196 310 236 278Q400 250 564 278Q604 310 572 378", k.body.lit(-0.3).colour, 3, 0.4)
    if k.form == 1:
        c.line("M206 386Q400 416 594 386", k.body.lit(-0.45).colour, 6)
        c.line("M126 636h540M126 574h540", k.body.lit(-0.45).colour, 5)
    if k.form == 0:
        for start in ("M250 300q40 30 20 70", "M520 300q-30 30-6 66", "M390 280q16 30 0 60"):
            c.line(start, CLOTH_EDGE, 5, 0.1)
    if k.form == 3:
        for y in (270, 292, 314, 336, 358, 380):
            c.line(f"M216 {y}q180-26 372 0", CLOTH_EDGE, 3, 0.09)
    for x in (330, 400, 470):
        c.part(oval(x, 604, 8, 8), Paint("#8a6a48"), "ball")


def towel(c: Sheet, k: Brush) -> None:
    """A folded pile, and one rolled up on top."""
    c.shadow(400, 250)
    for layer in range(3):
        y = 556 - layer * 84
        c.part(f"M176 {y}q-30 42 0 84h448q36-42 0-84z", k.body.lit(-0.06 + 0.06 * layer), "flat")
        c.line(f"M180 {y + 82}h442", CLOTH_EDGE, 4, 0.2)
        c.line(f"M182 {y + 42}h460", CLOTH_EDGE, 2, 0.14)
        stripe = {2: 26, 3: 12}.get(k.form, 0)
        if stripe:
            c.fill(box(520, y + 2, stripe, 80), k.body.lit(0.5).colour, 0.65)
            c.fill(box(520 + stripe + 8, y + 2, 4, 80), k.body.lit(0.5).colour, 0.65)
    c.part("M236 300H560Q606 300 606 344T560 388H236z", k.body.lit(0.1), "flat")
    c.part(oval(238, 344, 46, 44), k.body.lit(-0.05), "ball")
    c.line("M238 344m-30 0a30 28 0 1 1 30 30a20 18 0 1 1-10-34", k.body.lit(-0.4).colour, 5, 0.55)
    if k.form == 1:
        for x in range(290, 580, 16):
            c.line(f"M{x} 304v80", CLOTH_EDGE, 3, 0.08)
    c.line("M600 596q26 4 22 34", k.body.lit(-0.35).colour, 7)


def soap(c: Sheet, k: Brush) -> None:
    """A bar with its paper band, a little foam beside it."""
    c.shadow(400, 240)
    if k.form == 1:
        c.part(tub(400, 470, 620, 168, 168, 0.22), k.body)
        c.part(oval(400, 470, 168, 37), k.body.lit(0.2), "flat")
        c.part("M232 520v74a168 37 0 0 0 336 0v-74a168 37 0 0 1-336 0z", Paint("#efe5d2"))
    else:
        c.part("M176 470L250 420H632L566 470z", k.body.lit(0.25), "flat")
        c.part("M566 470L632 420V566L566 632z", k.body.lit(-0.2), "flat")
        c.part(box(176, 468, 392, 166, 20), k.body, "flat")
        c.part("M254 468L328 420H500L426 468z", Paint("#f6eddd"), "flat")
        c.part(box(254, 468, 172, 166), Paint("#efe5d2"), "flat")
    for x, y, seed in ((246, 524, 4), (470, 520, 4), (520, 590, 6), (242, 602, 4), (540, 500, 3)):
        c.fill(oval(x, y, seed, seed), k.accent.colour, 0.75)
    c.text(340 if k.form != 1 else 400, 552, k.brand.upper(), 24, "#4c4138", spacing=4)
    c.text(340 if k.form != 1 else 400, 584, k.label, 20, "#7a6a58")
    for x, y, r in ((640, 618, 22), (670, 602, 14), (616, 630, 12)):
        c.part(oval(x, y, r, r), Paint("#eef4f5", "glass"), "ball")


def apron(c: Sheet, k: Brush) -> None:
    """Hung from a peg."""
    c.part(oval(400, 92, 16, 16), Paint("#a87b4f", "wood"), "ball")
    c.line("M400 98Q330 130 318 190M400 98Q470 130 482 190", k.accent.colour, 13)
    c.fill("M250 700Q420 730 590 690L600 400Q560 380 560 340z", "#2a211c", 0.12)
    c.part(
        "M316 186Q400 206 484 186L496 330Q520 370 582 384Q600 560 588 700Q400 724 212 700Q200 560 218 384"
        "Q280 370 304 330z",
        k.body,
        "flat",
    )
    c.line("M316 190Q400 210 484 190", k.body.lit(-0.4).colour, 5, 0.6)
    c.line("M226 690Q400 712 574 690", k.body.lit(0.4).colour, 3, 0.4)
    c.part(box(300, 470, 200, 130, 10), k.body.lit(0.08), "flat")
    c.line("M304 478H496M400 474V598", k.body.lit(-0.4).colour, 3, 0.6)
    if k.form == 1:
        c.line("M400 620V716", CLOTH_EDGE, 5, 0.4)
    if k.form == 2:
        c.part("M280 400H520V464H280z", k.body.lit(-0.14), "flat")
    if k.form == 3:
        for x in range(316, 500, 40):
            c.line(f"M{x} 450q10-22 20 0", k.accent.colour, 6)
    if k.form in {0, 3}:
        c.part(box(360, 240, 80, 66, 6), k.body.lit(0.08), "flat")
    c.line("M218 390Q130 430 150 560M582 390Q670 430 650 560", k.accent.colour, 11)
    for x in (326, 474):
        c.part(oval(x, 204, 7, 7), Paint("#b08d4f", "metal"), "ball")
