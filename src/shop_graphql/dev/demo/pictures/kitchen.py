"""What stands on a stove, on a board and on a table."""

from shop_graphql.dev.demo.pictures.brush import Brush
from shop_graphql.dev.demo.pictures.paint import Paint
from shop_graphql.dev.demo.pictures.sheet import GROUND, Sheet, box, oval, tub

STEEL = Paint("#b3b7ba", "metal")
OAK = Paint("#c39a6a", "wood")


def pot(c: Sheet, k: Brush) -> None:
    """With its lid on."""
    c.shadow(400, 240)
    top, wide, foot = {0: (310, 196, 186), 1: (380, 214, 150), 2: (430, 240, 222), 3: (400, 190, 182)}[k.form % 4]
    handle = k.body.lit(-0.12) if k.body.finish != "metal" else STEEL
    for side in (-1, 1):
        x = 400 + side * wide
        c.line(
            f"M{x - side * 12} {top + 40}q{side * 74} -6 {side * 60} 34q{side * -6} 26 {side * -62} 22",
            handle.lit(-0.3).colour,
            26,
        )
        c.line(
            f"M{x - side * 12} {top + 39}q{side * 74} -6 {side * 60} 34q{side * -6} 26 {side * -62} 22",
            handle.lit(0.12).colour,
            13,
        )
    if k.form == 1:
        c.part(
            f"M{400 - wide} {top}Q{400 - wide} {GROUND - 30} {400 - foot} {GROUND}A{foot} 20 0 0 0 {400 + foot} "
            f"{GROUND}Q{400 + wide} {GROUND - 30} {400 + wide} {top}z",
            k.body,
        )
    else:
        c.part(tub(400, top, GROUND, wide, foot, 0.1), k.body)
    c.part(
        f"M{400 - wide - 8} {top + 6}a{wide + 8} {wide * 0.12:g} 0 0 0 {2 * wide + 16} 0v-12h-{2 * wide + 16}z",
        k.body.lit(0.1),
    )
    c.part(
        f"M{400 - wide - 6} {top - 4}Q400 {top - 130} {406 + wide} {top - 4}A{wide + 6} {wide * 0.12:g} 0 0 1 "
        f"{394 - wide} {top - 4}z",
        k.body.lit(0.06),
        "ball",
    )
    c.part(box(384, top - 92, 32, 34, 6), STEEL)
    c.part(oval(400, top - 96, 36, 17), k.accent, "ball")


def pan(c: Sheet, k: Brush) -> None:
    """From above at a slant, so that one sees into it."""
    c.shadow(330, 250, 560, 60)
    c.rod("M500 400L742 232", STEEL, 34)
    c.fill(oval(722, 246, 10, 8), "#3a3836", 0.7)
    rim, deep = {0: (236, 20), 1: (236, 78), 2: (230, 60), 3: (236, 52)}[k.form % 4]
    c.part(
        f"M{330 - rim} 450q10 {deep + 40} 90 {deep + 92}q{rim - 90} 40 {2 * rim - 180} 0q80-52 90-{deep + 92}z", k.body
    )
    c.part(oval(330, 450, rim, rim * 0.46), k.body.lit(0.22), "flat")
    c.part(oval(330, 456, rim - 12, rim * 0.46 - 9), k.body.lit(-0.24), "flat")
    c.part(oval(332, 468 + deep / 4, rim - 48, rim * 0.46 - 30), k.body.lit(-0.08), "ball")
    for x in (496, 518):
        c.part(oval(x, 404 - (x - 496) * 0.7, 6, 6), STEEL, "ball")


def knife(c: Sheet, k: Brush) -> None:
    """On a board, its edge towards us."""
    c.fill(oval(410, 500, 340, 70), "#2a211c", 0.14)
    c.turned(-24)
    steel = Paint("#c6ccd1", "metal")
    c.fill("M96 424Q260 500 470 470V450z", "#2a211c", 0.2)
    if k.form == 1:
        edge = "".join("q11 15 22 0" for _ in range(17))
        c.part(f"M92 398Q80 430 100 446{edge}V396z", steel, "flat")
    elif k.form == 2:
        c.part("M70 408Q260 438 476 430V396Q300 384 70 408z", steel, "flat")
    elif k.form == 3:
        c.part("M110 396H476V486H128Q98 470 110 396z", steel, "flat")
    else:
        c.part("M70 412Q230 482 476 476V392Q260 382 70 412z", steel, "flat")
    c.line("M110 412H470", "#ffffff", 4, 0.6)
    c.text(430, 426, k.brand.upper(), 15, "#7b838a", spacing=2)
    c.part(box(474, 386, 34, 76, 5), STEEL)
    c.part("M506 386H680Q734 392 734 424Q734 460 690 462Q640 448 560 462H506z", k.body, "flat")
    c.line("M514 394H680", k.body.lit(0.5).colour, 5, 0.5)
    for x in (548, 610, 672):
        c.part(oval(x, 422, 9, 9), Paint("#c8a45c", "metal"), "ball")
    c.straight()


def board(c: Sheet, k: Brush) -> None:
    """Leaning a little, thick at its lower edge."""
    c.shadow(400, 260, 660)
    side = k.body.lit(-0.3)
    if k.form == 3:
        c.part(box(372, 90, 56, 240, 26), k.body, "flat")
        c.part(oval(400, 450, 214, 214), side, "flat")
        c.part(oval(400, 436, 214, 214), k.body, "flat")
        c.fill(oval(400, 124, 12, 12), "#4a3a2c")
    else:
        x, y, w, h = {0: (160, 220, 480, 420), 1: (220, 170, 360, 470), 2: (130, 250, 540, 390)}[k.form % 4]
        c.part(box(x, y + 22, w, h, 26), side, "flat")
        c.part(box(x, y, w, h, 26), k.body, "flat")
        if k.form == 0:
            for row in range(7):
                for column in range(8):
                    shade = ((row * 5 + column * 3) % 7 - 3) / 28
                    c.fill(box(x + 2 + column * 59.5, y + row * 60, 58, 58), k.body.lit(shade).colour, 0.5)
        c.line(box(x + 34, y + 34, w - 68, h - 68, 16), k.body.lit(-0.4).colour, 9, 0.5)
        if k.form == 2:
            for px in (350, 400, 450):
                c.part(f"M{px} 400l9 40h-18z", STEEL)
    c.line("M250 300q120-22 250 4", "#ffffff", 10, 0.14)


def bread_box(c: Sheet, k: Brush) -> None:
    """A roll-fronted box whose lid is a cutting board."""
    c.shadow(400, 270)
    c.part("M130 640V450Q140 330 280 320H560Q670 330 670 450V640z", k.body, "flat")
    for y in range(372, 620, 40):
        c.line(f"M140 {y}H660", "#3a2413", 4, 0.32)
        c.line(f"M140 {y + 5}H660", "#ffffff", 2, 0.25)
    c.part(box(150, 288, 500, 38, 8), k.body.lit(0.2), "flat")
    c.part(box(350, 560, 100, 18, 9), k.body.lit(-0.35))


def plate(c: Sheet, k: Brush) -> None:
    """Seen from above at a slant, with a second one under it."""
    c.shadow(400, 290, 590, 60)
    for lift, wide in ((40, 270), (0, 280)):
        y = 470 + lift
        c.part(f"M{400 - wide} {y}q60 100 {wide} 116q{wide - 60}-16 {wide}-116z", k.body.lit(-0.16))
        c.part(oval(400, y, wide, wide * 0.36), k.body.lit(0.12), "flat")
    ring = k.body.lit(-0.14)
    c.part(oval(400, 476, 206, 70), ring, "flat")
    c.part(oval(400, 480, 198, 65), k.body, "ball")
    if k.form == 2:
        for step in range(4):
            c.line(oval(400, 480, 150 - step * 38, 48 - step * 12), k.body.lit(-0.3).colour, 3, 0.4)
    if k.form in {0, 1}:
        c.line(oval(400, 470, 277, 99), k.accent.colour, 5 if k.form == 0 else 9, 0.8)
    c.line("M190 440Q270 392 380 386", "#ffffff", 8, 0.4)


def bowl(c: Sheet, k: Brush) -> None:
    """Wide open, its rim in another glaze."""
    c.shadow(400, 190)
    top, wide, foot = {0: (380, 220, 84), 1: (450, 216, 112), 2: (470, 272, 110), 3: (370, 238, 120)}[k.form % 4]
    if k.form == 3:
        c.part(f"M{400 - wide + 20} {top - 10}l-54-6q0 40 70 60z", k.body)
    c.part(
        f"M{400 - wide} {top}Q{400 - wide + 16} {GROUND - 40} {400 - foot} {GROUND - 20}L{400 - foot} {GROUND}"
        f"A{foot} 14 0 0 0 {400 + foot} {GROUND}V{GROUND - 20}Q{400 + wide - 16} {GROUND - 40} {400 + wide} {top}z",
        k.body,
    )
    c.part(
        f"M{400 - wide} {top}a{wide} {wide * 0.22:g} 0 0 0 {2 * wide} 0l-5 34a{wide} {wide * 0.22:g} 0 0 1-"
        f"{2 * wide - 10} 0z",
        k.accent,
    )
    c.part(oval(400, top, wide, wide * 0.22), k.accent.lit(0.2), "flat")
    c.part(oval(400, top + 5, wide - 12, wide * 0.22 - 8), k.body.lit(-0.22), "flat")
    c.part(oval(412, top + 16, wide - 60, wide * 0.22 - 22), k.body.lit(-0.05), "ball")
    if k.form == 0:
        c.line(f"M470 {top - 96}L610 {top + 40}M500 {top - 110}L624 {top + 30}", "#6b3d2a", 9)


def jar(c: Sheet, k: Brush) -> None:
    """Glass with something in it, under a lid of the body's material."""
    c.shadow(400, 150)
    top, wide = {0: (300, 150), 1: (290, 156), 2: (430, 124), 3: (170, 112)}[k.form % 4]
    inside = (Paint("#d9b072", "speckle"), Paint("#b9c07a", "speckle"), Paint("#a5532c", "speckle"), Paint("#e7cd86"))
    fill = inside[k.form % 4]
    level = top + (GROUND - top) * 0.3
    c.part(box(400 - wide + 14, level, 2 * wide - 28, GROUND - 12 - level, 24), fill)
    if k.form == 3:
        for x in range(302, 500, 9):
            c.line(f"M{x} {level - 20 + (x % 5) * 6}V624", "#b8934a", 2, 0.5)
    c.part(box(400 - wide, top + 10, 2 * wide, GROUND - top - 10, 34), Paint("#dfeaea", "glass"))
    c.line(f"M{400 - wide + 30} {top + 60}V{GROUND - 60}", "#ffffff", 13, 0.6)
    c.part(box(400 - wide + 8, top - 4, 2 * wide - 16, 22, 8), Paint("#efece6"))
    c.part(box(400 - wide - 4, top - 58, 2 * wide + 8, 58, 12), k.body)
    if k.form == 1:
        c.part(box(382, top - 86, 36, 34, 8), Paint("#b9482f"))
    c.part(box(336, 490, 128, 76, 6), Paint("#f4efe4"), "flat")
    c.text(400, 536, k.label, 24, "#4c4138")
