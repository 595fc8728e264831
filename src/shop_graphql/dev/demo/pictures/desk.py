"""Paper, pens and toys."""

from collections.abc import Iterator
from itertools import count

from shop_graphql.dev.demo.pictures.brush import Brush
from shop_graphql.dev.demo.pictures.paint import Paint
from shop_graphql.dev.demo.pictures.sheet import GROUND, Sheet, box, oval, tub

PAGES = Paint("#f3ecdc")
GOLD = Paint("#c8a45c", "metal")
INK = "#2e2824"


def notebook(c: Sheet, k: Brush) -> None:
    """Closed and a little turned: the cover, the pages' edge, a ribbon."""
    c.shadow(420, 250, 650, 36)
    c.turned(-6)
    wide, tall = (330, 500) if k.form != 3 else (430, 400)
    x, y = 400 - wide / 2, 400 - tall / 2
    c.fill(box(x + 18, y + 12, wide + 16, tall + 18, 10), "#2a211c", 0.2)
    c.part(box(x + 12, y + 10, wide, tall, 8), PAGES, "flat")
    for line in range(3):
        c.line(f"M{x + wide + 4 + line * 3} {y + 16}V{y + tall + 4}", "#b9ad97", 1)
    c.line(f"M{x + wide * 0.62:g} {y + tall}v52l8-10l8 10v-52", k.accent.colour, 6)
    c.part(box(x, y, wide, tall, 8), k.body, "flat")
    if k.form == 0:
        c.part(box(x, y, wide, 60, 8), k.accent, "flat")
    else:
        c.part(box(x, y, 52, tall, 8), k.accent, "flat")
        c.line(f"M{x + 54} {y + 4}V{y + tall - 4}", INK, 4, 0.25)
    c.part(box(400 - 74, y + 120, 170, 92, 3), PAGES, "flat")
    c.text(411, y + 160, k.label, 28, INK)
    c.text(411, y + 190, k.brand.upper(), 14, "#7a6a58", spacing=3)
    if k.form == 1:
        c.line(f"M{x + wide - 44} {y}V{y + tall}", k.accent.lit(-0.2).colour, 11)
    if k.form == 2:
        c.line("M411 560q-4-80 0-110M411 510q-30-4-44-34M411 490q30-4 44-34", k.print_on_body, 4, 0.6)
    c.straight()


def pen(c: Sheet, k: Brush) -> None:
    """Open, its cap beside it."""
    c.fill(oval(420, 560, 300, 30), "#2a211c", 0.16)
    c.turned(-28)
    c.fill(box(150, 426, 540, 26, 13), "#2a211c", 0.2)
    thick = (58, 66, 62, 64)[k.form % 4]
    long = (470, 520, 340, 470)[k.form % 4]
    y, x = 400 - thick / 2, 660 - long
    c.part(f"M{x - 60} 400L{x - 6} {y + 14}V{386 + thick / 2:g}z", Paint("#d5d9dc", "metal"), "flat")
    c.line(f"M{x - 54} 400H{x - 20}", "#5b6066", 2)
    c.fill(oval(x - 20, 400, 4, 4), "#5b6066")
    _barrel(c, box(x - 8, y + 9, 66, thick - 18, 8), k.body.lit(-0.25), y + 9, thick - 18)
    _barrel(c, box(x + 54, y, long - 60, thick, thick / 2.4), k.body, y, thick)
    for at in (x + 54, x + 72):
        c.part(box(at, y - 1, 9, thick + 2, 2), GOLD, "flat")
    c.straight()
    c.turned(-28, 400, 470)
    c.fill(box(330, 566, 240, 20, 10), "#2a211c", 0.2)
    _barrel(c, box(320, 520, 240, thick + 6, thick / 2.4), k.body, 520, thick + 6)
    c.part(box(324, 519, 14, thick + 8, 3), GOLD, "flat")
    c.part(box(380, 526, 176, 13, 6), GOLD, "flat")
    c.straight()


def _barrel(c: Sheet, path: str, paint: Paint, y: float, thick: float) -> None:
    c.part(path, paint, "flat")
    left, right = path.split("h")[0][1:].split(" ")[0], path.split("h")[1].split("a")[0]
    start, length = float(left), float(right)
    c.line(f"M{start} {y + thick * 0.26:g}h{length}", "#ffffff", thick * 0.13, 0.5)
    c.line(f"M{start} {y + thick * 0.86:g}h{length}", "#1a1412", thick * 0.22, 0.24)


def ink(c: Sheet, k: Brush) -> None:
    """A square bottle with a stroke of its colour before it."""
    c.line("M150 690Q260 640 330 690T520 676T650 690", k.accent.colour, 17, 0.82)
    c.shadow(400, 160)
    c.part(box(250, 380, 300, 260, 38), k.accent, "round")
    c.part(box(240, 360, 320, 284, 46), Paint("#e4ebec", "glass"))
    c.part(tub(400, 322, 372, 74, 92), Paint("#dfe6e8", "glass"))
    c.part(tub(400, 236, 326, 86, 86), k.body)
    c.part(oval(400, 236, 86, 11), k.body.lit(0.2), "flat")
    c.part(box(296, 440, 208, 130, 5), PAGES, "flat")
    c.text(400, 496, k.label, 34, INK)
    c.text(400, 534, k.brand.upper(), 14, "#7a6a58", spacing=2)
    c.line("M268 410V590", "#ffffff", 12, 0.6)


def letters(c: Sheet, k: Brush) -> None:
    """A card on its envelope."""
    c.shadow(420, 260, 650, 30)
    c.turned(9)
    c.fill(box(230, 330, 420, 290, 4), "#2a211c", 0.18)
    c.part(box(220, 316, 420, 290, 4), k.accent, "flat")
    c.line("M222 320L430 480L638 320", k.accent.lit(-0.35).colour, 3, 0.6)
    c.straight()
    c.turned(-7)
    c.fill(box(190, 190, 400, 300, 3), "#2a211c", 0.2)
    c.part(box(180, 176, 400, 300, 3), k.body, "flat")
    dark = "#4f5b46"
    if k.form == 0:
        for x in (270, 380, 490):
            c.line(f"M{x} 430Q{x + 12} 330 {x} 236", dark, 5)
            for y in (270, 310, 350):
                for turn in (-1, 1):
                    c.fill(oval(x + turn * 22, y, 19, 9), dark, 0.85)
    elif k.form == 1:
        c.text(380, 400, "A", 220, "#a6402e")
    elif k.form == 2:
        c.line("M380 200V450M410 330H550M410 370H550M410 410H520", "#7a6a58", 3)
        c.line(box(486, 204, 70, 84), "#a6402e", 4)
    else:
        c.text(380, 350, "merci", 92, "#8a6a48")
    c.straight()


BRIGHT = ("#c8553d", "#e0a33a", "#6f9a5a", "#4b7fa3", "#8c6aa0", "#d98a4a")
PASTEL = ("#e9b9b0", "#f0dcae", "#bcd6bd", "#b6cfe0", "#d3c3df", "#f2c9a4")
BALANCED = (
    (400, 590, 150, 52),
    (372, 500, 110, 44),
    (430, 424, 84, 40),
    (396, 356, 62, 32),
    (412, 306, 40, 24),
    (230, 604, 66, 38),
    (590, 610, 74, 32),
)


def blocks(c: Sheet, k: Brush) -> None:
    """Built up to what the set is named for. `accent` says which stain: white is pastel, black is bright."""
    wood = _woods(k)
    c.shadow(400, 280)
    if k.form == 3:
        for x, y, rx, ry in BALANCED:
            c.part(oval(x, y, rx, ry), next(wood), "ball")
        return
    for x in (160, 540):
        for y in (540, 440, 340):
            c.part(box(x, y, 100, 100, 7), next(wood), "flat")
        roof = f"M{x - 14} 340l64-80l64 80z" if k.form == 1 else f"M{x} 340l50-110l50 110z"
        c.part(roof, next(wood), "flat")
    for x, y in ((262, 540), (478, 540), (262, 440), (478, 440)):
        c.part(box(x, y, 60, 100, 6), next(wood), "flat")
    if k.form == 2:
        c.part("M150 330L650 420V460L150 370z", next(wood), "flat")
        c.line("M160 344L640 430", "#3a2413", 9, 0.4)
        c.part(oval(420, 376, 22, 22), Paint("#4b7fa3", "gloss"), "ball")
    else:
        c.part("M262 440V400Q262 390 272 390H528Q538 390 538 400V440H470A70 70 0 0 0 330 440z", next(wood), "flat")
        c.part(box(340, 316, 120, 74, 6), next(wood), "flat")
        c.part("M330 316l70-76l70 76z", next(wood), "flat")
    c.part(tub(400, 560, GROUND, 44, 44), next(wood))
    c.part(oval(400, 560, 44, 6), k.body.lit(0.2), "flat")


def _woods(k: Brush) -> Iterator[Paint]:
    """The next block's paint, again and again."""
    stains = {"#ffffff": PASTEL, "#000000": BRIGHT}.get(k.accent.colour)
    for step in count():
        yield Paint(stains[step * 5 % 6], "wood") if stains else k.body.lit((step % 4 - 1.5) * 0.07)


def animal(c: Sheet, k: Brush) -> None:
    """On wheels, with a string to pull it by."""
    c.shadow(400, 260)
    c.line("M170 560Q90 560 70 640T40 700", "#d9cdb8", 6)
    c.part(oval(38, 706, 13, 13), k.accent, "ball")
    eye = (250, 420)
    if k.form == 0:
        c.part(
            "M180 470Q150 420 210 390Q290 360 310 440Q470 430 600 450Q640 400 660 410Q650 480 640 560H280"
            "Q250 500 180 470z",
            k.body,
            "flat",
        )
        c.part("M262 396Q320 390 316 470Q290 520 266 470z", k.accent, "flat")
        eye = (230, 424)
    elif k.form == 1:
        c.part("M160 540Q200 460 300 450L300 570H180z", k.body.lit(0.2), "flat")
        for turn in range(-70, 80, 12):
            c.turned(turn, 430, 560)
            c.part("M414 400L430 300L446 400z", k.accent, "flat")
            c.straight()
        c.part("M260 570Q270 370 440 360Q610 380 620 570z", k.body, "ball")
        eye = (226, 500)
        c.part(oval(166, 536, 15, 13), Paint("#2b2422", "gloss"), "ball")
    elif k.form == 2:
        c.part("M290 420Q460 350 610 400Q670 470 640 570H290z", k.body, "ball")
        c.part("M150 430Q150 350 240 340Q330 350 340 440L330 480H160Q150 460 150 430z", k.body.lit(0.1), "flat")
        c.part("M150 500H330L320 560Q240 590 160 556z", k.accent, "flat")
        for x in (176, 210):
            c.part(box(x, 474, 20, 26, 6), Paint("#f8f1e2"), "flat")
        eye = (246, 386)
    else:
        c.part("M150 420Q180 500 260 520H640V570H230Q160 540 140 440z", k.body, "flat")
        c.line("M156 430L130 350M180 430L176 346", k.body.lit(-0.2).colour, 10)
        c.part(oval(440, 430, 140, 134), k.accent, "ball")
        c.line(
            "M440 430m-96 0a96 92 0 1 1 96 92a66 62 0 1 1-20-122a36 34 0 1 1 18 60", k.accent.lit(-0.4).colour, 9, 0.6
        )
        eye = (176, 452)
    c.fill(oval(*eye, 9, 9), "#2b2422")
    c.fill(oval(eye[0] - 3, eye[1] - 3, 3, 3), "#ffffff")
    for x in (240, 400, 560) if k.form == 0 else (270, 560):
        c.part(oval(x, 590, 50, 50), Paint("#3b3634"), "ball")
        c.part(oval(x, 590, 38, 38), k.accent.lit(0.15), "ball")
        c.part(oval(x, 590, 9, 9), GOLD, "ball")
