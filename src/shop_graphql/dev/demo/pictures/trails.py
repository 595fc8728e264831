"""For people who ride, walk and sleep outside."""

from shop_graphql.dev.demo.pictures.brush import Brush
from shop_graphql.dev.demo.pictures.paint import Paint
from shop_graphql.dev.demo.pictures.sheet import Sheet, box, oval

SEAM = "#1a1412"
BLACK = Paint("#2b2a2c")
STEEL = Paint("#b3b7ba", "metal")


def pannier(c: Sheet, k: Brush) -> None:
    """A bag for a bicycle's rack; the second form is open, the last has a strap."""
    c.shadow(400, 210)
    if k.form == 3:
        c.line("M250 300Q180 60 420 70T560 300", "#3a3634", 20)
    c.part("M232 330H568L590 600Q592 640 552 640H248Q208 640 210 600z", k.body, "round")
    c.fill("M210 600Q208 640 248 640H552Q592 640 590 600V560H210z", SEAM, 0.22)
    if k.form == 1:
        c.hollow(400, 322, 172, k.body, 0.14)
        for x, colour in ((330, "#6d8f4e"), (360, "#86a862"), (470, "#c9793d")):
            c.line(f"M{x} 330Q{x - 10} 250 {x + 6} 190", colour, 22)
    elif k.form == 0:
        c.part("M226 340Q226 250 290 240H510Q574 250 574 340L566 420H234z", k.body.lit(0.1), "flat")
    else:
        c.part(box(226, 210, 348, 128, 26), k.body.lit(0.06), "flat")
        c.part(box(240, 196, 320, 50, 22), k.body.lit(0.16), "round")
    for x in (296, 504) if k.form != 1 else ():
        c.line(f"M{x} 236V500", "#2f2c2b", 17)
        c.part(box(x - 19, 430, 38, 42, 7), STEEL, "flat")
    c.part(box(348, 480, 104, 48, 6), k.accent, "flat")
    c.text(400, 510, k.brand[:10].upper(), 13, k.print_on_accent, spacing=1)
    c.line("M222 590H578", "#f4f1ea", 8, 0.55)


def rucksack(c: Sheet, k: Brush) -> None:
    """From the front: lid or roll, a pocket, straps at its sides."""
    c.shadow(400, 200)
    c.line("M262 300Q190 420 236 590M538 300Q610 420 564 590", "#3a3634", 20)
    c.line("M360 150Q400 104 440 150", "#3a3634", 16)
    c.part("M250 260Q256 150 400 146Q544 150 550 260L576 590Q578 640 526 640H274Q222 640 224 590z", k.body, "round")
    if k.form == 0:
        c.part("M244 270Q256 134 400 130Q544 134 556 270Q400 306 244 270z", k.body.lit(0.12), "flat")
        c.line("M330 286V420M470 286V420", "#2f2c2b", 12)
    elif k.form == 3:
        c.part(box(262, 128, 276, 66, 30), k.body.lit(0.14), "round")
        c.line("M266 196H534", SEAM, 4, 0.3)
        c.line("M400 140V330", "#2f2c2b", 14)
        c.part(box(380, 288, 40, 44, 6), STEEL, "flat")
    elif k.form == 2:
        c.line("M270 230Q276 174 400 170Q524 174 530 230L548 590", "#1a1412", 9, 0.55)
        c.line("M270 230L254 590", "#1a1412", 9, 0.55)
    else:
        c.line("M262 260Q400 300 538 260", SEAM, 6, 0.4)
        c.part(box(380, 262, 40, 16, 6), Paint("#c8a45c", "metal"), "flat")
    c.part(box(284, 420, 232, 190, 28), k.body.lit(0.06), "flat")
    c.line("M296 456H504", SEAM, 6, 0.45)
    c.part(box(498, 448, 12, 36, 5), k.accent, "flat")
    c.part(box(352, 500, 96, 44, 5), k.accent, "flat")
    c.text(400, 528, k.brand[:10].upper(), 12, k.print_on_accent, spacing=1)


def tool(c: Sheet, k: Brush) -> None:
    """A folding tool, opened; or what else the form is."""
    c.fill(oval(400, 560, 280, 44), "#2a211c", 0.2)
    steel = Paint("#aab0b5", "metal")
    c.turned(-18)
    if k.form == 2:
        for y in (330, 420):
            c.part(
                f"M120 {y}Q110 {y + 44} 170 {y + 48}L640 {y + 54}Q690 {y + 50} 690 {y + 24}Q660 {y + 2} 620 {y + 8}z",
                k.body,
                "flat",
            )
            c.line(f"M150 {y + 20}L610 {y + 24}", "#ffffff", 5, 0.4)
        c.part(box(320, 500, 160, 66, 12), Paint("#2b2a2c"), "flat")
        c.text(400, 542, "PATCH", 24, "#e8e2d6", spacing=3)
    else:
        arms = ((300, -62, 190), (344, -30, 170), (470, 34, 180), (510, 64, 160)) if k.form != 1 else ((440, 20, 170),)
        for x, lean, tall in arms:
            c.turned(lean, x, 420)
            c.part(box(x - 9, 420 - tall, 18, tall, 4), steel)
            c.part(box(x - 14, 404 - tall, 28, 28, 4), steel)
            c.straight()
        if k.form == 1:
            c.part("M250 300h140v90h-40v-44h-60v44h-40z", steel, "flat")
            c.rod("M250 330H150", steel, 18)
            c.rod("M150 290V370", steel, 14)
        wide = 420 if k.form == 3 else 320
        c.part(box(400 - wide / 2, 380, wide, 92, 26), k.body, "flat")
        c.part(box(412 - wide / 2, 398, wide - 24, 20, 9), k.body.lit(0.2), "flat")
        for end in (430 - wide / 2, 370 + wide / 2):
            c.part(oval(end, 428, 16, 16), steel, "ball")
        c.text(400, 450, k.brand.upper(), 22, k.print_on_body, spacing=5)
    c.straight()


def jersey(c: Sheet, k: Brush) -> None:
    """Laid out flat, long sleeves in the second form."""
    c.fill("M250 690Q420 716 570 680L560 300z", "#2a211c", 0.14)
    sleeve = 470 if k.form == 1 else 330
    dark = k.body.lit(-0.1)
    c.part(
        f"M286 168L196 214Q140 {sleeve - 60} 120 {sleeve + 40}L200 {sleeve + 64}L276 {min(sleeve, 380)}z", dark, "flat"
    )
    c.part(
        f"M514 168L604 214Q660 {sleeve - 60} 680 {sleeve + 40}L600 {sleeve + 64}L524 {min(sleeve, 380)}z", dark, "flat"
    )
    c.line(f"M122 {sleeve + 34}L202 {sleeve + 58}M678 {sleeve + 34}L598 {sleeve + 58}", k.accent.colour, 16)
    tail = 712 if k.form == 3 else 676
    c.part(
        f"M286 168Q340 194 400 194T514 168L556 320Q540 500 556 660Q400 {tail + 24} 244 660Q260 500 244 320z",
        k.body,
        "round",
    )
    c.part("M330 160Q400 136 470 160L462 206Q400 226 338 206z", k.accent, "flat")
    c.fill(oval(400, 174, 52, 20), SEAM, 0.45)
    c.line("M400 204V420" if k.form != 2 else "M400 204V668", k.accent.lit(-0.2).colour, 6)
    if k.form == 2:
        for y in range(236, 660, 66):
            c.part(oval(400, y, 9, 9), Paint("#e9e2d3"), "ball")
    else:
        c.part(box(393, 206, 14, 30, 5), STEEL)
    if k.form in {0, 3}:
        c.fill("M247 400Q400 424 553 400V452Q400 476 249 452z", k.accent.colour, 0.9)
    c.line("M300 300Q280 420 296 560M500 300Q520 420 504 560", SEAM, 9, 0.07)


def socks(c: Sheet, k: Brush) -> None:
    """A pair, one over the other."""
    c.shadow(400, 230, 660, 30)
    tall = {0: 330, 1: 200, 2: 230, 3: 280}[k.form % 4]
    for dx, dy, shade in ((96, -22, -0.16), (0, 0, 0)):
        body, toe = k.body.lit(shade), k.accent.lit(shade)
        x, y, top = 260 + dx, dy, tall + dy
        c.part(
            f"M{x} {top}H{x + 150}L{x + 154} {470 + y}Q{x + 190} {520 + y} {x + 290} {548 + y}Q{x + 340} {570 + y} "
            f"{x + 326} {616 + y}Q{x + 314} {650 + y} {x + 250} {646 + y}Q{x + 90} {640 + y} {x + 30} {590 + y}"
            f"Q{x - 6} {550 + y} {x + 4} {470 + y}z",
            body,
            "round",
        )
        c.part(
            f"M{x + 246} {536 + y}Q{x + 340} {566 + y} {x + 326} {616 + y}Q{x + 314} {650 + y} {x + 236} {645 + y}"
            f"Q{x + 262} {590 + y} {x + 246} {536 + y}z",
            toe,
            "ball",
        )
        c.part(
            f"M{x + 4} {500 + y}Q{x + 70} {520 + y} {x + 60} {606 + y}Q{x - 8} {570 + y} {x + 4} {500 + y}z",
            toe,
            "ball",
        )
        c.part(box(x - 5, top - 8, 160, 66, 10), toe, "round")
        for stripe in range(x + 6, x + 150, 11):
            c.line(f"M{stripe} {top - 2}v54", SEAM, 2, 0.16)
        for row in (84, 108) if k.form in {0, 2} else ():
            c.line(f"M{x + 2} {top + row}h148", toe.colour, 9)
        if k.form in {1, 3}:
            for row in range(top + 80, 560 + y, 16):
                c.line(f"M{x + 8} {row}q70 7 140 0", "#ffffff", 3, 0.14)


def tent(c: Sheet, k: Brush) -> None:
    """On a patch of grass, its door half open."""
    c.fill(oval(400, 646, 350, 56), "#8b9a6b", 0.55)
    c.shadow(400, 300, 640, 40)
    dark = k.body.lit(-0.24)
    if k.form == 1:
        c.part("M110 640Q120 430 300 420H600Q710 440 720 640z", k.body, "flat")
        for x in (300, 450, 600):
            c.line(f"M{x - 60} 640Q{x - 60} 440 {x} 424", dark.colour, 6, 0.6)
        c.part("M110 640Q120 440 240 424Q330 470 330 640z", dark, "flat")
        c.fill("M176 640Q180 500 236 480Q290 520 296 640z", "#2a2522", 0.75)
    elif k.form == 3:
        c.part("M400 180L120 640H680z", k.body, "flat")
        c.part("M400 180L120 640H330z", dark, "flat")
        c.fill("M400 300L340 640H490z", "#2a2522", 0.7)
        c.line("M400 180L400 640", "#5a5048", 6)
    elif k.form == 2:
        c.part("M120 640Q150 300 400 290Q650 300 680 640z", k.body, "ball")
        c.line("M150 640Q230 330 400 292Q570 330 650 640", dark.colour, 7, 0.7)
        c.fill("M300 640Q310 420 400 404Q490 420 500 640z", "#2a2522", 0.72)
        c.part("M400 404Q310 420 300 640H340Q350 470 400 404z", k.body.lit(0.14), "flat")
    else:
        c.part("M250 350L130 640H480z", dark, "flat")
        c.part("M250 350L600 390L710 640H480z", k.body, "flat")
        c.fill("M256 400L200 640H340z", "#2a2522", 0.72)
        c.part("M256 400L340 640H400z", k.body.lit(0.1), "flat")
    for x, y in ((90, 656), (714, 656)):
        c.line(f"M{x} {y}L{x + (60 if x < 400 else -60)} {y - 90}", k.accent.colour, 3)
        c.line(f"M{x} {y - 12}v20", "#6b7076", 6)
