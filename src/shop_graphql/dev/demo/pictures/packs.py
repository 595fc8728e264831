"""Bags, tins, packets and boxes with print on them."""

from shop_graphql.dev.demo.pictures.brush import Brush
from shop_graphql.dev.demo.pictures.paint import Paint
from shop_graphql.dev.demo.pictures.sheet import GROUND, Sheet, box, oval, tub

KRAFT = Paint("#c3a27a", "weave")
PAPER = Paint("#f6f1e6")
LEAF = Paint("#7f9a52")
MIDDLE = 367
"""Of the front of a box that is seen at an angle."""


def _label(c: Sheet, k: Brush, y: float, *, ink: str, size: float = 44) -> None:
    tight = 1 if len(k.brand) < 10 else 0.7
    c.text(400, y, k.brand.upper(), size * 0.46 * tight, ink, spacing=5 * tight)
    c.line(f"M360 {y + 16}H440", ink, 2, 0.6)
    fit = size if len(k.label) < 8 else size * 7.4 / len(k.label)
    c.text(400, y + 26 + size, k.label, fit, ink)


def coffee_bag(c: Sheet, k: Brush) -> None:
    """A gusseted bag, folded over at the top, with a valve."""
    c.shadow(400, 200)
    c.part("M246 190H554L578 610Q580 640 550 640H250Q220 640 222 610z", k.body, "round")
    c.fill("M246 190L222 610Q220 640 250 640L284 560L282 250z", "#1a1412", 0.13)
    c.fill("M554 190L578 610Q580 640 550 640L516 560L518 250z", "#1a1412", 0.2)
    c.part(box(240, 150, 320, 56, 5), k.body.lit(0.1), "flat")
    c.line("M244 178H556", "#1a1412", 2, 0.25)
    c.part(box(228, 168, 344, 12, 5), Paint("#c8a45c", "metal"))
    c.part(oval(400, 262, 15, 15), k.body.lit(-0.25), "ball")
    c.part(box(296, 320, 208, 230, 4), k.accent, "flat")
    _label(c, k, 370, ink=k.print_on_accent)
    c.line("M330 478H470M330 498H470M330 518H430", k.print_on_accent, 3, 0.45)
    hill = ("M296 550V520Q350 470 400 510T504 500V550z", "M296 550V500L370 462L430 520L504 470V550z")
    if k.form in {0, 2}:
        c.fill(hill[k.form // 2], k.body.colour, 0.55)


def tea_tin(c: Sheet, k: Brush) -> None:
    """Round, with a pressed lid and a paper band."""
    c.shadow(400, 160)
    c.part(tub(400, 250, GROUND, 146, 146), k.body)
    c.part(tub(400, 210, 282, 152, 152), k.body.lit(-0.16))
    c.part(oval(400, 210, 152, 20), k.body.lit(0.1), "flat")
    c.part(oval(400, 208, 116, 13), k.body.lit(-0.06), "flat")
    c.part("M254 350v210a146 19 0 0 0 292 0v-210a146 19 0 0 1-292 0z", k.accent)
    _label(c, k, 436, ink=k.print_on_accent, size=42)
    for x in (288, 512):
        c.line(f"M{x} 530q-14-30 0-60q14 30 0 60M{x} 536v34", k.print_on_accent, 3, 0.5)


def tea_bag(c: Sheet, k: Brush) -> None:
    """A flat pouch that stands, with a window of leaves."""
    c.shadow(400, 180)
    c.part("M236 180H564Q556 420 590 616Q594 640 570 640H230Q206 640 210 616Q244 420 236 180z", k.body)
    c.part(box(230, 152, 340, 46, 4), k.body.lit(0.14), "flat")
    for y in (164, 174, 184):
        c.line(f"M236 {y}H564", "#1a1412", 2, 0.18)
    c.fill("M230 640Q400 600 570 640z", "#1a1412", 0.14)
    _label(c, k, 290, ink=k.print_on_body, size=52)
    c.part(oval(400, 490, 92, 82), Paint("#3d4a2c"), "ball")
    for step in range(26):
        x, y = 400 + (step * 47 % 140) - 70, 490 + (step * 31 % 110) - 55
        if (x - 400) ** 2 + (y - 490) ** 2 < 76**2:
            c.line(f"M{x} {y}q14-16 26 2", ("#8ca05f", "#5f7440", "#b3bd84")[step % 3], 7)
    c.line(oval(400, 490, 92, 82), "#ffffff", 4, 0.5)


def herb_bag(c: Sheet, k: Brush) -> None:
    """Brown paper, rolled at the top and tied, with a label and a sprig."""
    c.shadow(400, 190)
    c.part("M236 230L220 612Q220 640 250 640H552Q580 640 580 612L564 230z", KRAFT)
    c.fill("M564 230L580 612Q580 640 552 640L520 560V250z", "#1a1412", 0.14)
    c.part(box(226, 170, 348, 72, 14), KRAFT.lit(0.08), "flat")
    c.line("M226 214H574", "#7a5c3a", 3, 0.5)
    c.line("M216 250Q400 266 584 250", "#efe6d2", 7)
    c.line("M400 258q-60-50-84-10q20 34 84 10q60-50 84-10q-20 34-84 10l-30 56M400 258l34 60", "#efe6d2", 6)
    c.part(box(290, 380, 220, 190, 6), PAPER, "flat")
    _label(c, k, 416, ink="#463a30", size=38)
    c.line("M400 556V512", "#5f7440", 4)
    for turn in (-1, 1):
        for y in (520, 538):
            c.part(oval(400 + turn * 16, y, 13, 6), k.accent, "ball")
    c.part(oval(400, 506, 9, 12), k.accent.lit(0.15), "ball")


def _tomatoes(c: Sheet) -> None:
    for x, y, r in ((350, 440, 62), (452, 470, 70), (392, 548, 52)):
        c.part(oval(x, y, r, r * 0.92), Paint("#c8452f", "gloss"), "ball")
        for turn in range(0, 360, 72):
            c.turned(turn, x, y - r * 0.7)
            c.line(f"M{x} {y - r * 0.7:g}q6-12 20-12", "#5f7a3a", 6)
            c.straight()


def _beans(c: Sheet) -> None:
    for x, lean in ((320, 30), (384, -26), (450, 20)):
        c.line(f"M{x} 330Q{x + lean} 460 {x + lean / 2:g} 590", "#5f7a3a", 32)
        c.line(f"M{x - 4} 334Q{x + lean - 4} 460 {x + lean / 2 - 4:g} 584", "#93b264", 18)


def _lettuce(c: Sheet) -> None:
    for turn in range(-90, 91, 22):
        c.turned(turn, 400, 560)
        c.part("M400 570Q330 480 400 350Q470 480 400 570z", LEAF.lit(0.1 - abs(turn) / 500), "ball")
        c.line("M400 560V380", "#dfe8c4", 3, 0.7)
        c.straight()


def _squash(c: Sheet) -> None:
    for dx, shade in ((-92, -0.16), (92, -0.16), (-48, 0), (48, 0), (0, 0.1)):
        c.part(oval(400 + dx, 480, 56, 96), Paint("#dd8a32").lit(shade), "ball")
    c.line("M400 388q-4-40 26-48", "#6d7f4b", 18)


def seed_packet(c: Sheet, k: Brush) -> None:
    """A paper packet with its vegetable painted on it."""
    c.turned(-3)
    c.fill(box(256, 160, 320, 490, 6), "#2a211c", 0.2)
    c.part(box(240, 140, 320, 490, 6), PAPER, "flat")
    c.part("M240 146q0-6 6-6h308q6 0 6 6v70H240z", k.body, "flat")
    c.text(400, 190, k.brand.upper(), 28, k.print_on_body, spacing=4)
    c.text(400, 280, k.label, 50, "#3f4a30")
    c.line(box(258, 300, 284, 312, 4), k.body.colour, 3, 0.7)
    (_tomatoes, _beans, _lettuce, _squash)[k.form](c)
    c.straight()


def _lighthouse(c: Sheet) -> None:
    c.part(tub(MIDDLE, 330, 560, 34, 62), Paint("#f4efe6"))
    for y in (390, 470):
        c.fill(
            f"M{MIDDLE - 42 - (y - 330) / 9:g} {y}h{84 + (y - 330) / 4.5:g}v36h-{84 + (y - 330) / 4.5:g}z", "#c2452d"
        )
    c.part(box(MIDDLE - 26, 292, 52, 44, 4), Paint("#ffe08a"), "flat")
    c.fill(f"M{MIDDLE} 314L154 260V350zM{MIDDLE} 314L580 250V360z", "#ffe9a8", 0.5)
    c.part(f"M{MIDDLE - 36} 296l36-40l36 40z", Paint("#8a2f22"), "flat")
    c.fill("M154 540q50-26 100 0t100 0t100 0t126 0V616H154z", "#2f5873")


def _mushrooms(c: Sheet) -> None:
    for x, y, r, red in ((MIDDLE - 90, 430, 80, 1), (MIDDLE + 80, 470, 66, 0), (MIDDLE, 380, 100, 1)):
        c.part(tub(x, y, 590, r * 0.24, r * 0.34), Paint("#f3e9d6"))
        c.part(
            f"M{x - r} {y}Q{x} {y - 2 * r} {x + r} {y}Q{x} {y + r * 0.3:g} {x - r} {y}z",
            Paint("#bf3f2c" if red else "#b98a4a"),
            "ball",
        )
        for dx, dy in ((-0.4, -0.35), (0.3, -0.45), (0, -0.75)):
            c.fill(oval(x + dx * r, y + dy * r, r * 0.1, r * 0.08), "#fbf4e6")


def _train(c: Sheet) -> None:
    c.fill(oval(500, 290, 40, 40), "#f4e6b8")
    c.part(box(190, 420, 220, 120, 14), Paint("#8a2f3a"), "flat")
    c.part(box(420, 440, 150, 100, 10), Paint("#2f4a63"), "flat")
    c.part(box(214, 360, 60, 70, 6), Paint("#3b3a3c"), "flat")
    for x in (300, 350, 450, 510):
        c.fill(box(x, 456, 36, 38, 5), "#ffe08a")
    for x in (230, 300, 370, 450, 530):
        c.part(oval(x, 552, 26, 26), Paint("#3b3a3c"), "ball")
    c.line("M160 584H574", "#3b3a3c", 7)


def _bees(c: Sheet) -> None:
    for x, y in ((300, 350), (434, 350), (367, 466), (233, 466), (501, 466), (300, 582), (434, 582)):
        c.part(f"M{x} {y - 66}l57 33v66l-57 33l-57-33v-66z", Paint("#e0a02f").lit((x % 4) * 0.07), "flat")
    c.part(oval(MIDDLE, 420, 52, 38), Paint("#f0c445"), "ball")
    for x in (350, 376, 402):
        c.line(f"M{x} 390v60", "#3b2a1a", 10)
    c.fill(oval(340, 372, 26, 36), "#ffffff", 0.7)
    c.fill(oval(392, 368, 26, 36), "#ffffff", 0.7)


def game_box(c: Sheet, k: Brush) -> None:
    """The lid's picture, and the side of the box."""
    c.shadow(410, 290, 640)
    c.part("M600 190L680 226V600L600 640z", k.body.lit(-0.32), "flat")
    c.part(box(130, 180, 474, 460, 8), k.body, "flat")
    c.part(box(154, 204, 426, 412, 4), k.accent, "flat")
    (_lighthouse, _mushrooms, _train, _bees)[k.form](c)
    c.text(MIDDLE, 262, k.label, 50 if len(k.label) < 9 else 42, k.print_on_accent)
    c.text(MIDDLE, 604, k.brand.upper(), 20, k.print_on_accent, spacing=6)
