"""From a picture's description to SVG. Pure: the same picture is always the same text."""

from hashlib import sha256

from shop_graphql.dev.demo.pictures import cups, desk, kitchen, lights, packs, rooms, sound, trails
from shop_graphql.dev.demo.pictures.brush import Brush, Shape
from shop_graphql.dev.demo.pictures.paint import painted
from shop_graphql.dev.demo.pictures.sheet import Sheet
from shop_graphql.dev.demo.shapes import Picture

SHAPES: dict[str, Shape] = {
    draw.__name__: draw
    for draw in (
        *(lights.pendant, lights.table_lamp, lights.floor_lamp, lights.clip_lamp, lights.bike_light),
        *(rooms.shelf, rooms.stool, rooms.throw, rooms.bedding, rooms.towel, rooms.soap, rooms.apron),
        *(kitchen.pot, kitchen.pan, kitchen.knife, kitchen.board, kitchen.bread_box),
        *(kitchen.plate, kitchen.bowl, kitchen.jar),
        *(cups.mug, cups.camp_cup, cups.kettle, cups.teapot, cups.grinder, cups.dripper),
        *(packs.coffee_bag, packs.tea_tin, packs.tea_bag, packs.herb_bag, packs.seed_packet, packs.game_box),
        *(trails.pannier, trails.rucksack, trails.tool, trails.jersey, trails.socks, trails.tent),
        *(desk.notebook, desk.pen, desk.ink, desk.letters, desk.blocks, desk.animal),
        *(sound.headphones, sound.speaker, sound.radio, sound.garden_tool, sound.planter),
    )
}
FOCUS = {
    "pendant": (400, 360),
    "floor_lamp": (430, 260),
    "pan": (360, 430),
    "knife": (480, 380),
    "bike_light": (420, 480),
    "kettle": (350, 440),
    "shelf": (400, 420),
    "stool": (400, 420),
    "headphones": (290, 440),
    "garden_tool": (380, 470),
    "soap": (400, 540),
    "plate": (400, 480),
    "bowl": (400, 470),
    "tent": (400, 500),
    "animal": (330, 500),
}
"""What a picture from near looks at, where that is not the middle of the sheet."""
MIDDLE = (400.0, 430.0)


def draw(picture: Picture) -> str:
    """The picture as an SVG document."""
    # Of one brand all pictures were taken before the same wall.
    sheet = Sheet(sha256(picture.brand.encode()).digest()[0])
    brush = Brush(painted(picture.body), painted(picture.accent), picture.form, picture.brand, picture.label)
    SHAPES[picture.shape](sheet, brush)
    focus = FOCUS.get(picture.shape, MIDDLE) if picture.is_near else None
    return sheet.svg(picture.alt, focus=focus)
