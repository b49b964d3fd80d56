"""The demo town's suppliers, all invented. Company numbers from 99000001 and telephone numbers from 01632 960000 (Ofcom's
for drama) belong to nobody, and .example domains can't.
"""

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Firm:
    name: str
    categories: tuple[str, ...]  # slugs of suppliers/record/data/taxonomy.csv
    aliases: tuple[str, ...] = ()
    identifiers: dict[str, str] = field(default_factory=dict)


def _firm(number: int, name: str, *categories: str, also: tuple[str, ...] = (), domain: str = "") -> Firm:
    """``number`` gives it a company number and a telephone number; 0: a sole trader or charity with neither."""
    known = {"company_number": f"{99_000_000 + number}", "phone": f"01632 960{number:03}"} if number else {}
    return Firm(name, categories, also, known | ({"domain": domain} if domain else {}))


# As the first school that wrote about each of them wrote it down.
FIRMS: Final = {
    "caldbeck": _firm(
        101, "Caldbeck Heating Services Ltd", "heating", "plumbing", also=("Caldbeck Boilers",), domain="caldbeck-heating.example"
    ),
    "flueline": _firm(102, "Flueline Gas Engineers Ltd", "heating", domain="flueline.example"),
    "warmwell": _firm(103, "Warmwell Mechanical Ltd", "heating", "air-conditioning", domain="warmwell-mech.example"),
    "greensward": _firm(
        104, "Greensward Grounds Care Ltd", "grounds-maintenance", "winter-gritting", domain="greensward.example"
    ),
    "mowden": _firm(105, "Mowden & Sons Grounds Maintenance", "grounds-maintenance", "tree-surgery"),
    "topiary": _firm(0, "Pete's Mowing", "grounds-maintenance"),
    "heartwood": _firm(106, "Heartwood Tree Care Ltd", "tree-surgery", domain="heartwood-trees.example"),
    "larder": _firm(107, "The Larder School Catering Ltd", "catering", also=("Larder Catering",), domain="thelarder.example"),
    "brightplate": _firm(
        108, "Brightplate Education Catering Ltd", "catering", "kitchen-equipment", domain="brightplate.example"
    ),
    "dales_milk": _firm(109, "Harrow Dale Dairy Ltd", "milk-and-fruit"),
    "tillo": _firm(110, "Tillo Cashless Ltd", "cashless-catering", "parent-communication", domain="tillo.example"),
    "sparkle": _firm(
        111, "Sparkle & Shine Contract Cleaning Ltd", "cleaning", "window-cleaning", domain="sparkleandshine.example"
    ),
    "beesom": _firm(112, "Besom Facilities Ltd", "cleaning", also=("Besom Cleaning",)),
    "janitor": _firm(113, "Janitorial Direct (Harrow) Ltd", "cleaning-supplies", "washroom"),
    "copyright": _firm(
        114, "Mere Office Solutions Ltd", "photocopiers", also=("Mere Copiers", "MOS Ltd"), domain="mereoffice.example"
    ),
    "printwise": _firm(115, "Printwise Document Systems Ltd", "photocopiers", "stationery", domain="printwise.example"),
    "northbyte": _firm(
        116, "Northbyte ICT for Schools Ltd", "ict-support", "ict-equipment", "broadband", domain="northbyte.example"
    ),
    "classcloud": _firm(117, "Classcloud Support LLP", "ict-support", "interactive-screens", domain="classcloud.example"),
    "coverline": _firm(118, "Coverline Education Ltd", "supply-teachers", domain="coverline.example"),
    "chalk": _firm(119, "Chalk & Register Supply Ltd", "supply-teachers", "recruitment", domain="chalkandregister.example"),
    "mornington": _firm(120, "Morning Bell Teaching Agency Ltd", "supply-teachers", also=("Morning Bell",)),
    "fords_minibus": _firm(121, "Fordway Minibus Hire Ltd", "transport", also=("Fordway Coaches",), domain="fordway.example"),
    "fordway_coaches": Firm("Fordway Coach Hire", ("transport",), identifiers={"phone": "01632 960121"}),
    "skelby_garage": _firm(122, "Skelby Road Garage Ltd", "vehicle-maintenance"),
    "harmony": _firm(0, "Harrowshire Harmony Music Service", "music-tuition", domain="harrowharmony.example"),
    "keys": _firm(0, "Rosalind Keys Piano Tuning", "music-tuition"),
    "safeplug": _firm(123, "Safeplug Testing Ltd", "pat-testing", "electrical", domain="safeplug.example"),
    "voltway": _firm(124, "Voltway Electrical Contractors Ltd", "electrical", "pat-testing", "fire-safety"),
    "clearwell": _firm(125, "Clearwell Water Hygiene Ltd", "legionella", domain="clearwell-water.example"),
    "sentry": _firm(126, "Sentry Fire and Security Ltd", "fire-safety", "security", domain="sentryfs.example"),
    "playsound": _firm(127, "Playsound Outdoor Ltd", "playground-equipment", "playground-markings"),
    "overslate": _firm(128, "Overslate Roofing Ltd", "roofing"),
    "mousetrap": _firm(129, "Vale Pest Solutions Ltd", "pest-control"),
    "beanstalk": _firm(
        130, "Beanstalk Breakfast Clubs CIC", "wraparound-care", "sports-coaching", domain="beanstalkclubs.example"
    ),
    "kickabout": _firm(131, "Kickabout Sports Coaching Ltd", "sports-coaching"),
    "payright": _firm(132, "Payright Bureau Ltd", "payroll", "hr-advice", domain="payright.example"),
    "calmwater": _firm(0, "Calm Water Therapies", "speech-therapy", "therapies"),
    "thimble": _firm(133, "Thimble & Thread Schoolwear Ltd", "uniforms"),
    "snapdragon": _firm(134, "Snapdragon School Photography", "photography"),
}

# Schools' own records, which nobody else sees. Most are in the directory too: their school had not looked.
OWN_RECORDS: Final = (  # school, days ago, what it wrote down; after the last one come only the acts of `asking.py`
    ("oakfold", 61, Firm("CALDBECK HEATING SERV", ("heating",), identifiers={"phone": "01632 960101"})),
    ("oakfold", 60, Firm("Mowden and Son Grounds Maintenance", ("grounds-maintenance",))),
    ("oakfold", 48, Firm("Sparkle & Shine, north depot", ("cleaning",))),
    ("aldersby", 58, Firm("Northbyte ICT", ("ict-support",), identifiers={"domain": "northbyte.example"})),
    ("skelby", 57, Firm("Sentry Fire & Security", ("security",))),
    ("wennas", 56, Firm("The Larder Catering", ("catering",))),
    ("hexby", 2, Firm("Hexby Window Cleaning (Dave)", ("window-cleaning",))),
)
