"""What the large shop is made of: its categories with their goods, its brands, its people. Words only, no logic."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category without children: kinds of goods, what they are made of, and how one chooses among them.

    Units: prices in euros, weight in grams. Every shelf has as many kinds, finishes and brands as every other.
    """

    slug: str
    name: str
    parent: str
    brands: tuple[str, ...]
    kinds: tuple[str, ...]
    finishes: tuple[str, ...]
    axis: str
    choices: tuple[str, ...]
    prices: tuple[int, int]
    grams: int


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


HOUSE = _words("Halden,Brennow,Aldermoor,Kvistgaard,Lunarelle,Ostby,Fennick,Marlstone,Tervuo,Calluna")
FIELD = _words("Ridgeworn,Tarnhow,Vandrel,Northbeck,Skarven,Pinelot,Cairnside,Ulvdal,Mossgate,Hollin")
CLOTH = _words("Wexley,Sorrelle,Dunmarrow,Ilvesto,Arbeck,Thornby,Maison Velt,Carrowe,Lindqvarn,Osier")
CRAFT = _words("Ferrowick,Bauerling,Stellmach,Hobbet,Dovetail Row,Kessler Brook,Norvane,Ashlar,Rabenau,Tinsmith")
TABLE = _words("Feldmark,Amberleaf,Casa Olivar,Monteluce,Rookery,Saltgarten,Birkenhof,Terra Nera,Lowan,Haverhill")
SOUND = _words("Auralite,Tonwerk,Evensong,Klarholm,Resonel,Vesper Audio,Nordhall,Quillon,Sonoma Fold,Treble Yard")

COLOURS = ("Chalk", "Graphite", "Moss", "Rust", "Slate Blue", "Ochre")
SIZES = ("Small", "Medium", "Large", "Extra Large")
PACKS = ("Single", "Pair", "Set of Four", "Set of Six")


DEPARTMENTS = {
    "home-and-living": "Home & Living",
    "outdoors-and-garden": "Outdoors & Garden",
    "clothing-and-shoes": "Clothing & Shoes",
    "workshop-and-desk": "Workshop & Desk",
    "food-and-drink": "Food & Drink",
    "sound-and-play": "Sound & Play",
}

SHELVES = (
    Shelf(
        "lamps-and-shades",
        "Lamps & Shades",
        "home-and-living",
        HOUSE,
        _words("Floor Lamp,Table Lamp,Pendant Lamp,Wall Lamp,Reading Lamp,Ceiling Lamp,Clip Lamp,Lantern"),
        _words("Brushed Brass,Matt Black Steel,Smoked Glass,Opal Glass,Oiled Oak,Linen,Raw Copper,Glazed Stoneware"),
        "Shade",
        COLOURS,
        (29, 340),
        2400,
    ),
    Shelf(
        "pots-and-pans",
        "Pots & Pans",
        "home-and-living",
        HOUSE,
        _words("Saucepan,Frying Pan,Casserole,Stockpot,Griddle,Milk Pan,Wok,Roasting Tin"),
        _words("Cast Iron,Carbon Steel,Tri-Ply Steel,Hammered Copper,Enamelled,Hard-Anodised,Forged,Ceramic-Coated"),
        "Size",
        SIZES,
        (24, 260),
        1900,
    ),
    Shelf(
        "bed-linen",
        "Bed Linen",
        "home-and-living",
        HOUSE,
        _words("Duvet Cover,Fitted Sheet,Pillowcase,Throw,Quilt,Bedspread,Flat Sheet,Bolster Cover"),
        _words("Washed Linen,Cotton Percale,Brushed Flannel,Sateen,Organic Jersey,Seersucker,Hemp,Bamboo Twill"),
        "Colour",
        COLOURS,
        (18, 190),
        900,
    ),
    Shelf(
        "small-furniture",
        "Small Furniture",
        "home-and-living",
        HOUSE,
        _words("Side Table,Stool,Bookshelf,Coat Rack,Bench,Nightstand,Magazine Rack,Folding Chair"),
        _words("Solid Oak,Smoked Ash,Birch,Walnut,Powder-Coated Steel,Rattan,Reclaimed Pine,Cork"),
        "Finish",
        _words("Natural,Oiled,Stained Dark,White Wash"),
        (45, 480),
        7200,
    ),
    Shelf(
        "backpacks-and-bags",
        "Backpacks & Bags",
        "outdoors-and-garden",
        FIELD,
        _words("Backpack,Tote Bag,Duffel,Messenger Bag,Pannier,Sling Bag,Weekender,Rolltop Pack"),
        _words("Waxed Canvas,Recycled Nylon,Full-Grain Leather,Ripstop,Cordura,Wool Felt,Sailcloth,Hemp Canvas"),
        "Colour",
        COLOURS,
        (39, 290),
        1100,
    ),
    Shelf(
        "camping-gear",
        "Camping Gear",
        "outdoors-and-garden",
        FIELD,
        _words("Sleeping Bag,Two-Person Tent,Camp Stove,Hammock,Sleeping Mat,Cook Set,Tarp,Camp Chair"),
        _words("Ultralight,Four-Season,Expedition,Packable,Insulated,Storm-Proof,Alpine,Trailside"),
        "Colour",
        COLOURS,
        (35, 420),
        1700,
    ),
    Shelf(
        "garden-tools",
        "Garden Tools",
        "outdoors-and-garden",
        FIELD,
        _words("Hand Trowel,Pruning Shears,Border Spade,Garden Fork,Weeding Hoe,Leaf Rake,Watering Can,Dibber"),
        _words("Ash-Handled,Stainless,Forged Steel,Copper,Long-Handled,Left-Handed,Beech-Handled,Galvanised"),
        "Size",
        SIZES,
        (12, 95),
        1300,
    ),
    Shelf(
        "knitwear",
        "Knitwear",
        "clothing-and-shoes",
        CLOTH,
        _words("Crew-Neck Jumper,Cardigan,Roll-Neck,Fisherman Jumper,Knitted Vest,Beanie,Scarf,Mittens"),
        _words("Merino,Lambswool,Cashmere,Alpaca,Donegal Wool,Organic Cotton,Mohair,Shetland Wool"),
        "Size",
        SIZES,
        (29, 260),
        450,
    ),
    Shelf(
        "shirts",
        "Shirts",
        "clothing-and-shoes",
        CLOTH,
        _words("Oxford Shirt,Overshirt,Grandad Shirt,Work Shirt,Camp-Collar Shirt,Smock,Polo Shirt,Henley"),
        _words("Brushed Cotton,Irish Linen,Chambray,Corduroy,Selvedge Denim,Moleskin,Poplin,Hopsack"),
        "Size",
        SIZES,
        (35, 160),
        320,
    ),
    Shelf(
        "shoes-and-boots",
        "Shoes & Boots",
        "clothing-and-shoes",
        CLOTH,
        _words("Derby Shoe,Chelsea Boot,Walking Boot,Loafer,Trainer,Clog,Espadrille,Desert Boot"),
        _words("Suede,Calf Leather,Nubuck,Canvas,Waxed Leather,Cork-Soled,Rubber-Soled,Wool-Lined"),
        "Size",
        _words("EU 38,EU 40,EU 42,EU 44,EU 46"),
        (55, 320),
        980,
    ),
    Shelf(
        "hand-tools",
        "Hand Tools",
        "workshop-and-desk",
        CRAFT,
        _words("Bench Plane,Chisel,Dovetail Saw,Claw Hammer,Marking Gauge,Screwdriver,Spokeshave,Try Square"),
        _words("Forged,Beech-Handled,Boxwood,Japanese Steel,Rosewood,Chrome-Vanadium,Hornbeam,Brass-Backed"),
        "Pack",
        PACKS,
        (15, 240),
        620,
    ),
    Shelf(
        "writing-and-paper",
        "Writing & Paper",
        "workshop-and-desk",
        CRAFT,
        _words("Fountain Pen,Notebook,Pencil Case,Desk Blotter,Letter Opener,Sketchbook,Ink Stand,Clipboard"),
        _words(
            "Ebonite,Brushed Aluminium,Saddle Leather,Linen-Bound,Turned Maple,Marbled,Blackened Brass,Recycled Card"
        ),
        "Colour",
        COLOURS,
        (9, 180),
        260,
    ),
    Shelf(
        "coffee-and-tea",
        "Coffee & Tea",
        "food-and-drink",
        TABLE,
        _words("Espresso Blend,Filter Roast,Decaf,Breakfast Tea,Green Tea,Oolong,Rooibos,Cold Brew"),
        _words("Washed,Sun-Dried,Honey-Process,Single-Estate,High-Grown,Smoked,Organic,Slow-Roasted"),
        "Pack",
        _words("Tasting Tin,Everyday Bag,Family Bag,Caterer Sack"),
        (6, 48),
        500,
    ),
    Shelf(
        "pantry",
        "Pantry",
        "food-and-drink",
        TABLE,
        _words("Olive Oil,Honey,Sea Salt,Chutney,Mustard,Vinegar,Jam,Nut Butter"),
        _words("Cold-Pressed,Wildflower,Smoked,Barrel-Aged,Stone-Ground,Orchard,Heather,Wood-Fired"),
        "Pack",
        PACKS,
        (5, 42),
        600,
    ),
    Shelf(
        "headphones-and-speakers",
        "Headphones & Speakers",
        "sound-and-play",
        SOUND,
        _words(
            "Over-Ear Headphones,In-Ear Monitors,Bookshelf Speaker,Bluetooth Speaker,Soundbar,Radio,Turntable,Amplifier"
        ),
        _words("Walnut,Open-Back,Studio,Compact,Aluminium,Wool-Clad,Retro,Travel"),
        "Colour",
        COLOURS,
        (39, 690),
        1500,
    ),
    Shelf(
        "toys-and-games",
        "Toys & Games",
        "sound-and-play",
        SOUND,
        _words("Building Blocks,Marble Run,Jigsaw,Pull-Along Dog,Train Set,Stacking Tower,Chess Set,Kite"),
        _words("Beech,Maple,Hand-Painted,Recycled,Magnetic,Felted,Travel,Giant"),
        "Pack",
        _words("Starter,Classic,Collector"),
        (9, 120),
        800,
    ),
)

LINES = _words(
    "Alba,Arden,Aven,Bergen,Birk,Brae,Calder,Cobalt,Coral,Corvo,Dala,Delphi,Drift,Eider,Elm,Ember,Esker,Faro,Fern,Fjell,"
    "Flint,Gale,Glen,Grove,Harbour,Haze,Heron,Holt,Indigo,Isla,Juno,Kelda,Kestrel,Lark,Loam,Lyra,Mara,Meadow,Mistral,"
    "Nave,Nimbus,Orla,Otter,Pallas,Petrel,Quarry,Reed,Rowan,Saga,Sable,Skye,Solstice,Tarn,Thistle,Umber,Vale,Vesta,"
    "Wren,Yarrow,Zephyr"
)

SELLERS = (
    ("holm-and-daughters", "Holm & Daughters", "DK"), ("kontor-leipzig", "Kontor Leipzig", "DE"),
    ("the-lower-mill", "The Lower Mill", "IE"), ("atelier-bruyere", "Atelier Bruyère", "FR"),
    ("casa-lombardi", "Casa Lombardi", "IT"), ("polder-and-dyke", "Polder & Dyke", "NL"),
    ("granvik-handel", "Granvik Handel", "SE"), ("bottega-serra", "Bottega Serra", "IT"),
    ("rosendahl-versand", "Rosendahl Versand", "DE"), ("quinta-do-vale", "Quinta do Vale", "PT"),
    ("almacen-norte", "Almacén Norte", "ES"), ("suomen-puoti", "Suomen Puoti", "FI"),
    ("maison-tilleul", "Maison Tilleul", "FR"), ("wiener-werkladen", "Wiener Werkladen", "AT"),
    ("het-pakhuis", "Het Pakhuis", "BE"), ("krakow-goods", "Kraków Goods", "PL"),
    ("baltic-supply", "Baltic Supply", "EE"), ("the-tin-shed", "The Tin Shed", "IE"),
    ("schwarzwald-markt", "Schwarzwald-Markt", "DE"), ("ateneo-store", "Ateneo Store", "ES"),
    ("nordre-kai", "Nordre Kai", "DK"), ("lumiere-et-lin", "Lumière et Lin", "FR"),
    ("stockholms-magasin", "Stockholms Magasin", "SE"), ("praha-depot", "Praha Depot", "CZ"),
)  # fmt: skip

FIRST_NAMES = _words(
    "Agnes,Bram,Clara,Dario,Elin,Farid,Greta,Hugo,Ines,Jakub,Katya,Leon,Maja,Nils,Olga,Pablo,Rosa,Stefan,Tova,Viktor"
)
LAST_NAMES = _words(
    "Almeida,Berg,Costa,Dahl,Engel,Fontaine,Grimm,Hansen,Ivanova,Jansen,Kowalska,Lund,Moreau,Novak,Okafor,Petit,"
    "Rossi,Santos,Vogel,Weber"
)
CITIES = (
    ("Aarhus", "8000", "DK"), ("Leipzig", "04109", "DE"), ("Lyon", "69002", "FR"), ("Torino", "10121", "IT"),
    ("Utrecht", "3511", "NL"), ("Göteborg", "41101", "SE"), ("Porto", "4000", "PT"), ("Graz", "8010", "AT"),
)  # fmt: skip
STREETS = _words("Harbour Street,Mill Lane,Station Road,Church Row,Linden Avenue,Market Square,Quay Street,Orchard Way")
