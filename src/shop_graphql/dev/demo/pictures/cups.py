"""What coffee and tea are made in and drunk from."""

from shop_graphql.dev.demo.pictures.brush import Brush
from shop_graphql.dev.demo.pictures.paint import Paint
from shop_graphql.dev.demo.pictures.sheet import GROUND, Sheet, box, oval, tub

STEEL = Paint("#b3b7ba", "metal")
COFFEE = Paint("#3b2417", "gloss")


def _handle(c: Sheet, path: str, paint: Paint, width: float) -> None:
    c.line(path, paint.lit(-0.38).colour, width)
    c.line(path, paint.colour, width * 0.72)
    c.line(path, paint.lit(0.4).colour, width * 0.18, 0.8)


def mug(c: Sheet, k: Brush) -> None:
    """Filled, its handle to the right."""
    c.shadow(390, 170)
    top, wide, foot = {0: (330, 132, 126), 1: (350, 120, 160), 2: (360, 156, 110), 3: (350, 138, 120)}[k.form % 4]
    _handle(c, f"M{386 + wide} {top + 60}q112-10 100 84q-10 78-{110} 74", k.body, 32)
    if k.form == 2:
        c.part(
            f"M{390 - wide} {top}Q{396 - wide} {GROUND - 20} {390 - foot} {GROUND}A{foot} 15 0 0 0 {390 + foot} "
            f"{GROUND}Q{384 + wide} {GROUND - 20} {390 + wide} {top}z",
            k.body,
        )
    else:
        c.part(tub(390, top, GROUND, wide, foot), k.body)
    if k.form == 3:
        c.part(tub(390, GROUND - 60, GROUND, 128, 106), k.body.lit(-0.1))
    c.part(oval(390, top, wide, wide * 0.13), k.accent, "flat")
    c.part(oval(390, top + 3, wide - 10, wide * 0.13 - 5), k.body.lit(-0.3), "flat")
    c.part(oval(390, top + 7, wide - 16, wide * 0.13 - 8), COFFEE, "flat")
    if k.form == 0:
        c.line(
            f"M{396 - wide} {GROUND - 90}A{wide} 20 0 0 0 {384 + wide} {GROUND - 90}", k.body.lit(-0.35).colour, 3, 0.5
        )


def camp_cup(c: Sheet, k: Brush) -> None:
    """Enamel or metal with a rolled rim, its handle a bent strip."""
    c.shadow(380, 170)
    top, wide, foot = {0: (360, 150, 136), 1: (460, 200, 140), 2: (300, 136, 134), 3: (350, 150, 146)}[k.form % 4]
    tall = GROUND - top
    _handle(
        c, f"M{376 + wide} {top + 24}h{60}q34 4 30 {tall * 0.34:g}q-6 {tall * 0.3:g}-84 {tall * 0.3:g}", k.accent, 24
    )
    c.part(tub(380, top, GROUND, wide, foot), k.body)
    if k.body.finish != "metal":
        for x, y, r in ((300, 70, 7), (420, 130, 5), (460, 60, 4), (340, 190, 5)):
            c.fill(oval(x, top + y * tall / 280, r, r * 0.7), "#26323a", 0.5)
    c.line(f"M{380 - wide} {top}A{wide} {wide * 0.13:g} 0 0 0 {380 + wide} {top}", k.accent.lit(-0.2).colour, 13)
    c.hollow(380, top, wide, k.accent)
    if k.form == 3:
        c.part(
            f"M{376 - wide} {top}Q380 {top - 60} {384 + wide} {top}A{wide} 20 0 0 1 {376 - wide} {top}z", STEEL, "ball"
        )
        c.part(oval(380, top - 40, 26, 12), k.accent, "ball")
    if k.form == 2:
        for y in (top + 110, top + 220):
            c.line(f"M{382 - wide} {y}a{wide} {wide * 0.13:g} 0 0 0 {2 * wide - 4} 0", "#1a1412", 4, 0.2)


def kettle(c: Sheet, k: Brush) -> None:
    """A thin spout for pouring slowly, or a stout one."""
    c.shadow(400, 220)
    dark = k.accent
    if k.form in {0, 2}:
        _handle(c, "M520 350q150-14 140 120q-6 90-60 130", dark, 30)
        _handle(c, "M270 590Q150 560 176 420T90 300", k.body, 26)
        c.part(tub(400, 350, GROUND - 16, 128, 190, 0.1), k.body)
    else:
        c.part("M232 520L96 400L150 376L280 450z", k.body)
        c.part("M214 600Q196 420 400 400Q604 420 586 600Q590 640 550 640H250Q210 640 214 600z", k.body)
        _handle(c, "M260 424Q250 220 400 214T540 424", dark, 26)
    top = 350 if k.form in {0, 2} else 404
    c.part(f"M290 {top}q6-36 110-40q104 4 110 40a110 14 0 0 1-220 0z", k.body.lit(0.08), "ball")
    c.part(oval(400, top - 46, 28, 18), dark, "ball")
    if k.form == 2:
        c.part(oval(400, 560, 34, 34), Paint("#2b2a2c", "gloss"), "ball")
        c.line("M400 560V534", "#e9e4da", 5)
    if k.form in {0, 2}:
        c.part(tub(400, GROUND - 18, GROUND + 6, 206, 212, 0.09), Paint("#34312f"))
    if k.form == 3:
        c.part(oval(110, 384, 30, 18), dark, "ball")


def teapot(c: Sheet, k: Brush) -> None:
    """Glazed, with lid, spout and handle."""
    c.shadow(400, 210)
    if k.form == 2:
        c.part("M300 420Q210 400 196 296l34-12Q262 340 318 360z", k.body)
        c.part(tub(400, 290, GROUND, 128, 138), k.body)
        _handle(c, "M526 350q110 0 104 110t-112 100", k.body, 28)
        top, wide = 290, 110
    else:
        c.part("M270 520Q160 480 136 344l42-16Q214 420 320 430z", k.body)
        round_ = 186 if k.form == 3 else 206
        tall = 160 if k.form == 3 else 150
        c.part(oval(400, GROUND - tall - (18 if k.form == 3 else 0), round_, tall), k.body, "ball")
        top, wide = GROUND - 2 * tall + 16, 100
        if k.form == 3:
            for x in (300, 400, 500):
                c.part(f"M{x - 16} {GROUND - 44}L{x - 8} {GROUND + 4}h16L{x + 16} {GROUND - 44}z", k.body.lit(-0.2))
    if k.form == 0:
        _handle(c, "M560 470L720 400", k.accent, 40)
    elif k.form in {1, 3}:
        _handle(c, "M580 420q120-10 108 92q-12 78-122 82", k.body, 28)
    c.part(
        f"M{400 - wide} {top + 8}Q400 {top - 66} {400 + wide} {top + 8}A{wide} 16 0 0 1 {400 - wide} {top + 8}z",
        k.body.lit(0.14),
        "ball",
    )
    c.part(oval(400, top - 44, 26, 22), k.accent, "ball")
    c.line(f"M{402 - wide} {top + 12}A{wide} 16 0 0 0 {398 + wide} {top + 12}", k.body.lit(-0.45).colour, 4, 0.5)


def grinder(c: Sheet, k: Brush) -> None:
    """A crank on a cylinder; the counter's has a foot and a drawer."""
    c.shadow(400, 150)
    top = {0: 290, 1: 270, 2: 290, 3: 370}[k.form % 4]
    wide = 84 if k.form != 3 else 92
    arm = 300 if k.form == 2 else 210
    c.part(box(386, top - 96, 28, 70, 8), STEEL)
    c.rod(f"M400 {top - 84}L{400 + arm} {top - 110}", STEEL, 16)
    c.part(box(374 + arm, top - 176, 50, 76, 24), k.body if k.body.finish == "wood" else Paint("#6b4a30", "wood"))
    c.part(tub(400, top - 30, top + 10, 74, wide), STEEL)
    if k.form == 1:
        c.part(tub(400, top, 520, wide, wide), k.body)
        c.part(box(250, 510, 300, 130, 10), k.body, "flat")
        c.part(box(290, 540, 220, 72, 6), k.body.lit(-0.14), "flat")
        c.part(oval(400, 576, 13, 13), Paint("#c8a45c", "metal"), "ball")
        return
    middle = top + (GROUND - top) * 0.56
    c.part(tub(400, middle, GROUND, wide - 6, wide - 12), STEEL)
    c.part(tub(400, top, middle, wide, wide), k.body)
    c.line(f"M{400 - wide} {middle}a{wide} {wide * 0.13:g} 0 0 0 {2 * wide} 0", "#1a1412", 6, 0.4)
    c.text(400, (top + middle) / 2 + 16, k.brand.upper(), 22, k.print_on_body, spacing=4)


def dripper(c: Sheet, k: Brush) -> None:
    """The cone on a glass jug, coffee under it."""
    c.shadow(400, 150)
    c.part("M316 470Q270 560 290 630H510Q530 560 484 470z", Paint("#dfe6e6", "glass"))
    c.part("M287 566Q280 600 290 630H510Q520 600 513 566z", COFFEE)
    c.line("M310 500Q290 560 300 610", "#ffffff", 9, 0.6)
    c.part(tub(400, 448, 472, 140, 132, 0.1), k.body.lit(-0.05))
    top, wide = (250, 190) if k.form != 1 else (320, 168)
    foot = 54 if k.form != 1 else 118
    c.line(f"M{396 + wide - 30} {top + 50}q90-8 76 54q-10 44-90 40", k.body.lit(-0.25).colour, 24)
    c.line(f"M{396 + wide - 30} {top + 49}q90-8 76 54q-10 44-90 40", k.body.lit(0.1).colour, 14)
    c.part(tub(400, top, 456, wide, foot, 0.12), k.body)
    if k.form == 2:
        c.line(f"M{408 - wide} {top + 34}A{wide} 22 0 0 0 {392 + wide} {top + 34}", k.body.lit(-0.3).colour, 4, 0.5)
    c.hollow(400, top, wide, k.body, 0.12)
    if k.form == 3:
        for x in range(-4, 5):
            c.line(f"M{400 + x * wide / 4.8:g} {top + 22}L{400 + x * foot / 4.6:g} 456", "#1a1412", 3, 0.2)
    if k.form != 3:
        c.part(
            f"M{420 - wide} {top + 2}L{440 - wide} {top - 46}Q400 {top - 30} {360 + wide} {top - 46}L{380 + wide} "
            f"{top + 2}Q400 {top + 26} {420 - wide} {top + 2}z",
            Paint("#f1e6d0"),
            "flat",
        )
