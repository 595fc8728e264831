"""Things to listen with, and things for the garden."""

from shop_graphql.dev.demo.pictures.brush import Brush
from shop_graphql.dev.demo.pictures.paint import Paint
from shop_graphql.dev.demo.pictures.sheet import GROUND, Sheet, box, oval, tub

BLACK = Paint("#2b2a2c")
STEEL = Paint("#b3b7ba", "metal")


def headphones(c: Sheet, k: Brush) -> None:
    """From the front, a little from the side."""
    c.shadow(400, 230)
    c.line("M196 470Q170 150 400 144T604 470", BLACK.colour, 34)
    c.line("M198 460Q176 164 400 156T602 460", STEEL.lit(0.2).colour, 5, 0.8)
    c.line("M250 250Q300 150 400 148T550 250", k.accent.colour, 44)
    c.line("M262 238Q310 166 400 162T538 238", k.accent.lit(0.4).colour, 6, 0.5)
    for x, side in ((208, 1), (592, -1)):
        c.part(box(x - 14, 360, 28, 90, 8), STEEL)
        c.part(box(x + side * 34 - 34, 424, 68, 196, 34), BLACK)
        c.part(box(x - side * 20 - 52, 414, 104, 214, 50), k.body)
        if k.form == 1:
            for y in range(450, 600, 18):
                c.line(f"M{x - side * 20 - 30} {y}h60", "#1a1412", 6, 0.4)
        elif k.form == 0:
            c.line(box(x - side * 20 - 34, 440, 68, 162, 32), "#ffffff", 3, 0.3)
        elif k.form == 2:
            c.part(oval(x - side * 20, 450, 13, 13), STEEL, "ball")
        else:
            c.part(oval(x - side * 20, 520, 24, 50), k.body.lit(-0.3), "ball")
    c.line("M190 622Q200 700 330 690T560 720", BLACK.colour, 8)


def speaker(c: Sheet, k: Brush) -> None:
    """A box with a paper cone and a silk dome."""
    c.shadow(420, 210)
    left, wide, top = {0: (250, 290, 180), 1: (220, 340, 270), 2: (240, 310, 150), 3: (190, 420, 250)}[k.form % 4]
    right = left + wide
    c.part(f"M{right} {top}l56 26V{GROUND - 24}l-56 24z", k.body.lit(-0.32), "flat")
    c.part(f"M{left} {top}l60-24h{wide - 4}l0 50z", k.body.lit(0.22), "flat")
    c.part(box(left, top, wide, GROUND - top, 8), k.body, "flat")
    if k.form == 1:
        c.part(box(left + 24, top + 24, wide - 48, 216, 12), Paint("#4a4844", "weave"), "flat")
        c.part(oval(left + wide / 2, GROUND - 66, 44, 44), STEEL, "ball")
        c.line(f"M{left + wide / 2} {GROUND - 70}v-28", "#3a3836", 5)
        return
    if k.form == 3:
        c.part(box(left + 24, top + 24, wide - 48, GROUND - top - 90, 12), Paint("#b9ab92", "weave"), "flat")
        c.text(left + wide / 2, GROUND - 24, k.brand.upper(), 22, k.print_on_body, spacing=6)
        return
    middle = left + wide / 2
    for y, r in ((top + 96, 54), (GROUND - 160, 116)):
        c.part(oval(middle, y, r, r), Paint("#8a8d90", "metal"), "ball")
        c.part(oval(middle, y, r - 9, r - 9), BLACK, "ball")
        c.part(oval(middle, y, r * 0.72, r * 0.72), Paint("#55504b"), "ball")
        c.part(oval(middle, y, r * 0.3, r * 0.3), k.accent, "ball")
    c.text(middle, GROUND - 16, k.brand.upper(), 17, k.print_on_body, spacing=4)


def radio(c: Sheet, k: Brush) -> None:
    """A cloth front, a dial, four buttons and an aerial."""
    c.shadow(400, 260)
    c.rod("M610 330L700 90", STEEL, 8)
    if k.form == 3:
        c.line("M180 350Q200 220 400 214T620 350", k.accent.lit(-0.3).colour, 20)
    elif k.form == 2:
        c.line("M220 330V256Q220 236 240 236H560Q580 236 580 256V330", BLACK.colour, 22)
        c.part(box(106, 310, 588, 336, 44), BLACK, "flat")
    c.part(box(130, 326, 540, 310, 30), k.body, "flat")
    c.line("M160 338H640", "#ffffff", 4, 0.4)
    c.part(box(164, 364, 276, 230, 14), Paint("#d8ccb4", "weave"), "flat")
    for y in range(384, 590, 18):
        c.line(f"M174 {y}H430", "#4a4034", 3, 0.2)
    c.part(oval(554, 440, 72, 72), Paint("#f6f1e6"), "ball")
    for turn in range(-120, 121, 30):
        c.turned(turn, 554, 440)
        c.line("M554 378v14", "#3a3836", 4)
        c.straight()
    c.line("M554 440L592 396", "#b9482f", 6)
    c.part(oval(554, 440, 14, 14), STEEL, "ball")
    for x in (480, 530, 580, 630):
        c.part(box(x - 18, 548, 36, 36, 8), k.accent, "flat")
    if k.form == 1:
        c.part(box(492, 334, 124, 26, 6), Paint("#2b2a2c"), "flat")
        c.text(554, 354, "06:40", 20, "#ffcf6e", spacing=2)
    c.text(302, 622, k.brand.upper(), 16, k.print_on_body, spacing=5)


def garden_tool(c: Sheet, k: Brush) -> None:
    """The handle above, the forged part below it."""
    c.fill(oval(430, 690, 210, 26), "#2a211c", 0.16)
    c.turned(24)
    iron = Paint("#6d7278", "metal")
    c.fill(box(392, 90, 44, 640, 20), "#2a211c", 0.12)
    if k.form == 3:
        c.part(box(270, 84, 260, 52, 26), k.body, "flat")
    c.part(box(376, 96 if k.form != 3 else 130, 48, 280, 22), k.body, "round")
    c.part(box(372, 352, 56, 44, 6), iron)
    c.line("M400 108v20", "#6b4a30", 7)
    if k.form == 0:
        c.rod("M400 396V470", iron, 24)
        for x in (320, 400, 480):
            c.rod(f"M400 470Q{x} 470 {x} 540V690", iron, 20)
    elif k.form == 1:
        c.rod("M400 396V560", iron, 22)
        c.part("M280 640L340 560H460L520 640L500 660H300z", iron, "flat")
        c.line("M284 644H516", "#e6e9eb", 7)
    elif k.form == 2:
        c.rod("M400 396V470", iron, 24)
        c.part("M328 470Q400 440 472 470Q486 610 400 714Q314 610 328 470z", iron, "round")
        c.line("M400 480V690", "#3d4146", 5, 0.5)
        for y in range(500, 640, 28):
            c.line(f"M408 {y}h16", "#e6e9eb", 3)
    else:
        c.part("M372 396H428L412 690L400 720L388 690z", iron)
    c.straight()


def planter(c: Sheet, k: Brush) -> None:
    """With something growing in it."""
    c.shadow(400, 220)
    top, wide, foot, bottom = {
        0: (460, 290, 260, GROUND),
        1: (340, 180, 110, GROUND),
        2: (390, 190, 138, GROUND),
        3: (380, 180, 120, 580),
    }[k.form % 4]
    if k.form == 3:
        c.line(f"M{400 - wide} {top}L400 40L{400 + wide} {top}M400 40V{top}", "#b08d5f", 9)
    leaf = Paint("#7d9a63")
    for step in range(11):
        lean = (step - 5) * wide / 5.6
        tall = 150 + (step * 53 % 70)
        c.line(
            f"M{400 + lean * 0.5:g} {top}Q{400 + lean * 0.6:g} {top - tall * 0.6:g} {400 + lean:g} {top - tall:g}",
            "#5f7a48",
            5,
        )
        for up in (0.55, 0.8, 1):
            x, y = 400 + lean * (0.5 + up * 0.5), top - tall * up
            c.part(oval(x + (14 if step % 2 else -14) * up, y, 22, 13), leaf.lit((step % 3) * 0.1 - 0.1), "ball")
    c.part(tub(400, top, bottom, wide - 8, foot), k.body)
    c.part(tub(400, top - 6, top + 46, wide, wide - 4), k.body.lit(0.08))
    c.part(oval(400, top - 6, wide, wide * 0.13), k.body.lit(0.16), "flat")
    c.part(oval(400, top - 4, wide - 14, wide * 0.13 - 6), Paint("#4a382b"), "flat")
    for step in range(5):
        x = 400 + (step - 2) * wide * 0.34
        c.part(oval(x, top - 26, 30, 19), leaf.lit((step % 2) * 0.12), "ball")
    if k.form != 3:
        c.part(tub(400, GROUND - 12, GROUND + 6, foot + 34, foot + 26, 0.1), k.body.lit(-0.12))
