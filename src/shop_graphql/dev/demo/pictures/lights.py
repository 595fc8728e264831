"""Lamps: for ceilings, tables, floors, shelves and bicycles. Each draws its four forms from the same few parts."""

from itertools import pairwise

from shop_graphql.dev.demo.pictures.brush import Brush
from shop_graphql.dev.demo.pictures.paint import Paint
from shop_graphql.dev.demo.pictures.sheet import GROUND, Sheet, box, oval, tub

CORD = "#4a4440"
BULB = Paint("#fff3d6", "gloss")
BLACK = Paint("#2b2a2c", "gloss")


def pendant(c: Sheet, k: Brush) -> None:
    """Hangs from above; the light falls below it."""
    c.line("M400 -10V250", CORD, 5)
    c.part(box(386, 214, 28, 48, 8), k.accent, "round")
    c.glow(400, 520, 300)
    if k.form == 1:
        c.part("M390 300Q250 250 140 380Q240 480 392 420z", k.body, "flat")
        c.part(oval(400, 400, 92, 92), BULB, "ball")
        c.part("M410 330Q560 240 676 330Q590 470 430 452Q500 400 410 330z", k.body.lit(-0.12), "flat")
    elif k.form == 3:
        c.part(oval(400, 400, 52, 52), BULB, "ball")
        for turn, wide in ((-16, 232), (9, 196), (30, 160)):
            c.turned(turn)
            c.line(oval(400, 400, wide, wide * 0.34), k.body.lit(-0.35).colour, 22)
            c.line(oval(400, 399, wide, wide * 0.34), k.body.colour, 16)
            c.line(oval(400, 396, wide, wide * 0.34), k.body.lit(0.4).colour, 3, 0.8)
            c.straight()
    else:
        top, bottom, wide, neck = (262, 420, 262, 52) if k.form == 0 else (250, 520, 190, 46)
        c.part(oval(400, bottom, wide, wide * 0.15), Paint("#fff0cc"), "ball")
        c.part(oval(400, bottom + 4, 46, 40), BULB, "ball")
        curve = 0.5 if k.form == 0 else 0.92
        side = f"C{400 - wide * curve:g} {top + 20} {400 - wide:g} {bottom - 90:g} {400 - wide:g} {bottom:g}"
        back = f"C{400 + wide:g} {bottom - 90:g} {400 + wide * curve:g} {top + 20} {400 + neck} {top}z"
        rim = f"A{wide} {wide * 0.15:g} 0 0 1 {400 + wide} {bottom}"
        c.part(f"M{400 - neck} {top}{side}{rim}{back}", k.body, "round")
        c.line(f"M{400 - wide} {bottom}{rim}", k.body.lit(0.4).colour, 4)


def table_lamp(c: Sheet, k: Brush) -> None:
    """A foot of the body's material under a shade of the accent's."""
    c.shadow(400, 170)
    feet = {
        0: (tub(400, 430, GROUND, 44, 104), 150, 205, 250, 420),
        1: (tub(400, 590, GROUND, 124, 132), 118, 190, 150, 330),
        2: (f"M356 420Q286 530 330 {GROUND}A70 10 0 0 0 470 {GROUND}Q514 530 444 420z", 128, 190, 205, 410),
        3: (tub(400, 604, GROUND, 136, 140), 56, 216, 210, 330),
    }
    foot, top_wide, wide, top, bottom = feet[k.form % 4]
    if k.form in {1, 3}:
        c.rod(f"M400 600V{top + 60}", k.body if k.form == 1 else Paint("#b08d4f", "metal"), 26 if k.form == 1 else 14)
    else:
        c.part(box(388, bottom - 20, 24, 60, 4), Paint("#b08d4f", "metal"))
    c.part(foot, k.body)
    if k.form in {1, 3}:
        c.part(oval(400, 590 if k.form == 1 else 604, 124 if k.form == 1 else 136, 16), k.body.lit(0.2), "flat")
    c.glow(400, (top + bottom) / 2 + 10, 330)
    if k.form == 1:
        c.turned(-9, 400, bottom)
    c.part(oval(400, bottom, wide, wide * 0.13), Paint("#ffe9bd"), "ball")
    c.part(tub(400, top, bottom, top_wide, wide), k.accent.lit(0.12))
    if k.form == 2:
        for x in range(-4, 5):
            c.line(
                f"M{400 + x * top_wide / 4.6:g} {top + 8}L{400 + x * wide / 4.6:g} {bottom + 12}", "#3a2a1a", 3, 0.16
            )
    c.part(oval(400, top, top_wide, top_wide * 0.13), Paint("#fff2d2"), "flat")
    if k.form == 1:
        c.straight()


def floor_lamp(c: Sheet, k: Brush) -> None:
    """Tall: the whole height of the sheet."""
    c.shadow(400, 130, 716)
    c.part(tub(400, 704, 716, 104, 106), k.body)
    c.part(oval(400, 704, 104, 13), k.body.lit(0.2), "flat")
    c.line("M490 716Q560 730 620 718T760 742", k.accent.colour, 5)
    if k.form == 0:
        c.rod("M400 700V250Q400 120 520 130", k.body, 13)
        c.part(oval(400, 380, 15, 15), k.body, "ball")
        c.glow(560, 240, 200)
        c.part("M520 110Q650 120 650 244L470 244Q466 140 520 110z", k.body)
        c.part(oval(560, 244, 90, 12), Paint("#ffe9bd"), "flat")
    elif k.form == 2:
        c.rod("M400 700V190", k.body, 13)
        c.rod("M190 120L640 240", k.body, 10)
        c.part(oval(196, 122, 30, 30), k.body, "ball")
        c.glow(620, 320, 190)
        c.part(tub(620, 232, 320, 40, 96), k.body)
        c.part(oval(620, 320, 96, 12), Paint("#ffe9bd"), "flat")
    elif k.form == 3:
        for x, top in ((300, 150), (400, 96), (490, 220)):
            c.rod(f"M{400 + (x - 400) * 0.3:g} 700L{x} {top + 80}", k.body, 9)
            c.glow(x, top + 50, 110)
            c.part(box(x - 20, top, 40, 120, 20), Paint("#fff3d9", "gloss"))
    else:
        c.rod("M400 700V80", k.body, 13)
        c.glow(400, 250, 240)
        c.part(oval(400, 300, 150, 19), Paint("#ffe9bd"), "ball")
        c.part(tub(400, 130, 300, 112, 150), Paint("#efe6d6", "weave"))
        c.part(oval(400, 130, 112, 14), Paint("#fff2d2"), "flat")


def clip_lamp(c: Sheet, k: Brush) -> None:
    """Clamped to the board of a shelf, three joints up."""
    c.part(box(60, 560, 460, 44, 4), Paint("#c39a6a", "wood"), "flat")
    c.fill(box(60, 600, 460, 20, 3), "#3a2a1a", 0.22)
    c.part(box(210, 524, 84, 118, 12), k.body)
    joints = ((252, 530), (180, 350), (350, 200), (520, 240))
    for (x, y), (x2, y2) in pairwise(joints):
        c.rod(f"M{x} {y}L{x2} {y2}", k.body, 14)
    for x, y in joints[1:]:
        c.part(oval(x, y, 19, 19), k.body, "ball")
    c.glow(600, 400, 260)
    c.turned(24, 520, 240)
    c.part("M486 214H560Q640 290 636 390H410Q420 290 486 214z", k.body)
    c.part(oval(523, 390, 113, 18), Paint("#ffe9bd"), "ball")
    c.straight()


def bike_light(c: Sheet, k: Brush) -> None:
    """The light in its housing, on the bar or plate that it is mounted to."""
    c.shadow(400, 190)
    if k.form % 4 == 2:
        c.part(box(282, 420, 240, 220, 74), BLACK)
        face = (402, 516, 88)
    elif k.form % 4 == 1:
        c.part(box(170, 400, 460, 200, 40), BLACK)
        face = (400, 500, 74)
    else:
        c.part(box(372, 560, 60, 80, 8), k.body)
        c.part("M270 400Q400 320 560 380L600 560Q440 640 280 590z", BLACK)
        face = (420, 480, 104)
    x, y, r = face
    if k.form % 4 == 3:
        c.part(box(250, 352, 90, 40, 14), k.accent.lit(-0.3), "ball")
        c.part(oval(534, 392, 26, 22), k.accent, "ball")
    c.glow(x, y, r * 2.4)
    c.part(oval(x, y, r, r), Paint("#a9adb3", "metal"), "ball")
    c.part(oval(x, y, r - 14, r - 14), k.accent, "ball")
    for turn in range(0, 180, 45):
        c.turned(turn, x, y)
        c.line(f"M{x - r + 24} {y}H{x + r - 24}", "#ffffff", 3, 0.35)
        c.straight()
    if k.form % 4 in {1, 2}:
        c.part(box(x - 40, 616 if k.form == 2 else 590, 80, 44, 10), k.body)
    c.line(f"M{x - r + 22} {y - 20}Q{x - r / 2:g} {y - r + 20} {x} {y - r + 22}", "#ffffff", 7, 0.7)
