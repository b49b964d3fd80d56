"""What the demo town's schools said of their suppliers over a year, and with whom they shared it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from suppliers.opinions.notes import About


class To(StrEnum):
    """Whom something is shared with; more than one school at a time."""

    EVERYONE = "everyone"
    AUTHORITY = "local_authority"
    TRUST = "trust"
    CLUSTER = "cluster"
    CONNECTED = "connected"
    NEARBY = "near"


@dataclass(frozen=True, slots=True)
class Said:
    """A review; without stars and words, a vouch."""

    days_ago: int
    school: str
    firm: str
    stars: int | None = None
    again: bool | None = True
    good: str = ""
    bad: str = ""
    to: tuple[To, ...] = ()
    all_to: str = ""  # the one school that sees the criticism as well
    interest: str | None = None
    by_head: bool = False  # who alone may share criticism widely, and here does

    @property
    def is_vouch(self) -> bool:
        return self.stars is None and not self.good and not self.bad


@dataclass(frozen=True, slots=True)
class Noted:
    days_ago: int
    school: str
    firm: str
    about: About
    body: str
    to: tuple[To, ...] = ()
    all_to: str = ""
    file: str = ""  # of demo.FILES


@dataclass(frozen=True, slots=True)
class TakenBack:
    days_ago: int
    school: str
    firm: str


ALL: Final = (To.EVERYONE,)
TRUST: Final = (To.TRUST,)
CLUSTER: Final = (To.CLUSTER,)
AUTHORITY: Final = (To.AUTHORITY,)
NEARBY: Final = (To.NEARBY,)
CONNECTED: Final = (To.CONNECTED,)

BUILDINGS: Final = (
    Said(366, "oakfold", "caldbeck", to=ALL),
    Said(214, "oakfold", "caldbeck", 5,
         good="Same engineer every year, knows both boilers. Service sheets in my inbox the same day.", to=ALL),
    Said(330, "harrowmere", "caldbeck", 4,
         good="Six boilers serviced over Easter without disturbing anyone. Clear quotes for parts.",
         bad="The invoice took two chasers.", to=ALL),
    Said(190, "nursery", "caldbeck", to=ALL),
    Said(121, "pellgate", "caldbeck", 5, good="Out within two hours when the hall heating failed, and fixed it that day.",
         to=ALL),
    Said(88, "wennas", "caldbeck", 4, good="Tidy, polite, always sign in at the office first.", to=(To.CLUSTER, To.AUTHORITY)),
    Said(43, "larkbeck", "caldbeck", 4, good="Good with our pupils about: they ask before they drill.", to=CONNECTED),
    Said(300, "fennock", "flueline", 2, again=False, good="Cheap for the annual service.",
         bad="Three call-outs for the same fault, each one charged. The office never rang back.", to=AUTHORITY,
         all_to="oakfold"),
    Said(255, "skelby", "flueline", 3, again=None, good="Certificates always in order.",
         bad="Weekend rate for a Friday afternoon.", to=AUTHORITY),
    Said(102, "oxmoor", "flueline", 2, again=False, good="Friendly on the telephone.",
         bad="Missed two appointments in a row, and the infants had no heating until the Wednesday.", to=TRUST,
         all_to="larkbeck"),
    Said(277, "harrowmere", "warmwell", 3, again=None, good="They know big plant rooms.",
         bad="Everything needs a second visit.", to=TRUST),
    Said(64, "larkbeck", "warmwell", 4, good="Sorted the hydrotherapy pool's air handling when two others gave up.", to=ALL),
    Said(240, "oakfold", "safeplug", 5, good="400 items in a day and a spreadsheet that opens. Does the kitchen before eight.",
         to=ALL),
    Said(233, "aldersby", "safeplug", to=TRUST),
    Said(150, "nursery", "safeplug", 4, good="Careful round the little ones, came after three as asked.", to=CLUSTER),
    Said(138, "skelby", "voltway", 4, good="Rewired the drama studio inside a half-term and left it swept.", to=ALL),
    Said(91, "fennock", "voltway", 3, again=None, good="Sound work on the emergency lighting.",
         bad="PAT labels came off within a week."),
    Said(205, "oakfold", "clearwell", 4, good="Log book kept for us, and the monthly visit really is monthly.",
         to=(To.TRUST, To.CLUSTER)),
    Said(176, "larkbeck", "clearwell", 5, good="Explained the TMV results in plain English to our governors.", to=ALL),
    Said(260, "harrowmere", "sentry", 4, good="Fire panel faults answered within four hours, twice this year.", to=ALL),
    Said(111, "oakfold", "sentry", 2, again=False, good="The engineers themselves are fine.",
         bad="Auto-renewed for three years on a notice period buried on page nine. Read the terms.", to=TRUST,
         all_to="nursery"),
    Said(70, "pellgate", "overslate", 5, good="Leak over the library found in ten minutes; the last firm wanted scaffolding.",
         to=ALL),
    Said(52, "oxmoor", "overslate", to=NEARBY),
    Said(169, "aldersby", "mousetrap", 4, good="Mice gone by the second visit, and advice that the kitchen actually follows.",
         to=TRUST),
    Said(36, "wennas", "mousetrap", to=ALL),
    Said(391, "harrowmere", "mousetrap", to=ALL),  # lapsed: nobody renewed it
)  # fmt: skip

OUTDOORS: Final = (
    Said(320, "oakfold", "greensward", 5, good="Pitch marked before sports day without being asked. Same two lads all season.",
         to=ALL),
    Said(244, "aldersby", "greensward", 4, good="Reliable fortnightly cut, texts the day before.",
         bad="Hedges are extra and not cheap.", to=(To.TRUST, To.AUTHORITY)),
    Said(160, "oxmoor", "greensward", to=ALL),
    Said(97, "pellgate", "greensward", 5, good="Cut the whole field round the nesting larks because our Year 5s wrote to them.",
         to=ALL),
    Said(31, "skelby", "greensward", 4, good="Gritted the bus bay by 6.30 every icy morning.", to=AUTHORITY),
    Said(288, "fennock", "mowden", 4, good="Local, fair price, never late.", to=ALL),
    Said(199, "wennas", "mowden", 3, again=None, good="Willing.",
         bad="Leave clippings across the playground, which then walk into the hall.", to=CLUSTER),
    Said(84, "harrowmere", "mowden", 2, again=False, good="Good price for the size of our site.",
         bad="Strimmed through the astroturf edge and argued about it for a month.", to=TRUST, all_to="oakfold"),
    Said(133, "nursery", "topiary", 5, good="Comes when we ring, mends the odd fence panel as well."),
    Said(226, "larkbeck", "heartwood", 5,
         good="Survey, felling and the council's paperwork in one. The ash by the gate is down safely.", to=ALL),
    Said(372, "aldersby", "heartwood", to=TRUST),
    Said(58, "aldersby", "heartwood", to=TRUST),  # renewed
    Said(182, "oxmoor", "playsound", 4, good="Annual inspection report with photographs and what to do first.", to=ALL),
    Said(47, "wennas", "playsound", 2, again=False, good="Nice drawings.",
         bad="The surfacing lifted in the first winter; still waiting for somebody to look.", all_to="nursery"),
)  # fmt: skip

PEOPLE: Final = (
    Said(310, "harrowmere", "coverline", 5,
         good="Rings at seven with a name, not at nine with an excuse. Science cover who are scientists.", to=ALL),
    Said(222, "oakfold", "coverline", 4, good="They send the same two people, so the children know them.", to=ALL),
    Said(140, "fennock", "coverline", to=ALL),
    Said(75, "larkbeck", "coverline", 5, good="Read our pupils' plans before they came. Rare.", to=CONNECTED),
    Said(268, "skelby", "chalk", 4, good="Good for long-term cover; vetting file complete every time.", to=ALL),
    Said(146, "aldersby", "chalk", 3, again=None, good="Decent teaching assistants.",
         bad="A finder's fee nobody mentioned until we wanted to keep one.", to=TRUST, all_to="pellgate"),
    Said(203, "wennas", "mornington", 1, again=False, good="",
         bad="Sent somebody whose DBS check was for another name. We turned them away at the door.", by_head=True, to=CLUSTER),
    Said(118, "pellgate", "mornington", 2, again=False, good="Quick to answer the telephone.",
         bad="Three no-shows in a half-term.", all_to="aldersby"),
    Said(231, "oakfold", "payright", 4, good="Month end is quiet now. The pensions return was right first time.", to=TRUST),
    Said(180, "skelby", "payright", 3, again=None, good="Helpful once you reach a person.",
         bad="Back-pay wrong for two midday supervisors.", to=ALL),
    Said(157, "larkbeck", "calmwater", 5,
         good="Therapist in every Tuesday, reports we can put straight into the annual review.", to=ALL),
    Said(66, "nursery", "calmwater", to=CLUSTER),
    Said(249, "pellgate", "beanstalk", 5, good="Breakfast club full within a month and they run the bookings.", to=ALL),
    Said(29, "oakfold", "beanstalk", 4, good="Staff stay, which parents notice.", to=CLUSTER),
    Said(195, "aldersby", "kickabout", 4, good="Proper PPA cover with plans and assessments.", to=(To.TRUST, To.AUTHORITY)),
    Said(105, "oxmoor", "kickabout", 3, again=None, good="Children love it.", bad="Late most Thursdays.",
         interest="The business manager's nephew coaches for them."),
    Said(292, "fennock", "harmony", 5, good="Whole-class ukulele, instruments included, concert in July.", to=ALL),
    Said(55, "oakfold", "harmony", 4, good="Brass teacher gave up lunch hours before the Christmas concert.", to=ALL),
    Said(128, "wennas", "keys", to=CLUSTER),
)  # fmt: skip

OFFICE: Final = (
    Said(345, "oakfold", "larder", 4, good="Uptake from 48 to 71 per cent in two terms. Roast day is packed.",
         bad="Allergen sheets late after a menu change.", to=(To.TRUST, To.CLUSTER), all_to="larkbeck"),
    Said(216, "pellgate", "larder", 5, good="The cook knows every child's name.", to=ALL),
    Said(95, "oxmoor", "larder", to=ALL),
    Said(251, "harrowmere", "brightplate", 3, again=None, good="Queue down to twelve minutes.",
         bad="Prices went up mid-contract with a week's notice.", to=TRUST),
    Said(82, "fennock", "brightplate", 4, good="Kitchen deep-cleaned without being chased.", to=ALL),
    Said(236, "larkbeck", "dales_milk", to=ALL),
    Said(173, "aldersby", "tillo", 4, good="Parents found it without us sending a single guide.", to=ALL),
    Said(50, "harrowmere", "tillo", 2, again=False, good="The reports are fine.",
         bad="Tills went down two Fridays running; the help line shuts at four.", to=TRUST),
    Said(280, "oakfold", "sparkle", 4, good="Window clean included. They tell us when they are short-staffed.", to=ALL),
    Said(187, "wennas", "sparkle", 3, again=None, good="Hall floor looks new.", bad="Different team each half-term.",
         to=CLUSTER),
    Said(113, "skelby", "beesom", 2, again=False, good="Cheapest quote by far.",
         bad="You get what you pay for: bins not emptied, science labs locked open.", all_to="harrowmere"),
    Said(61, "nursery", "janitor", 4, good="Next-day delivery, no minimum order.", to=ALL),
    Said(315, "harrowmere", "copyright", 2, again=False, good="The machines are good.",
         bad="Lease charged for two that went back in March; it took a solicitor's letter.", to=TRUST, all_to="oakfold"),
    Said(209, "oakfold", "copyright", 3, again=None, good="Engineer next day, every time.",
         bad="Colour clicks cost three times the quote.", to=CLUSTER),
    Said(271, "aldersby", "printwise", 5,
         good="Three-year MFD lease with an end date you can read. Toner turns up before it runs out.", to=ALL),
    Said(144, "larkbeck", "printwise", 4, good="Set every teacher up on follow-me printing in a morning.", to=ALL),
    Said(38, "pellgate", "printwise", to=ALL),
    Said(304, "oakfold", "northbyte", 5,
         good="On site Tuesdays, answers the rest of the week. Restored a deleted finance folder in an hour.", to=ALL),
    Said(167, "fennock", "northbyte", 4, good="Chromebooks arrived set up and labelled.", to=CONNECTED),
    Said(79, "oxmoor", "northbyte", to=TRUST),
    Said(219, "skelby", "classcloud", 3, again=None, good="Strong on interactive screens.", bad="Tickets close themselves.",
         to=AUTHORITY),
    Said(262, "harrowmere", "fords_minibus", 5, good="Section 19 permit advice free, and a spare bus when ours failed its MOT.",
         to=ALL),
    Said(131, "oakfold", "fords_minibus", to=ALL),
    Said(45, "larkbeck", "fords_minibus", 4, good="Tail lift works, driver knows how to clamp a chair.", to=ALL),
    Said(73, "pellgate", "fordway_coaches", 4, good="Swimming run on time all term, and they ring when traffic is bad.", to=ALL),
    Said(153, "aldersby", "skelby_garage", 4, good="Fetches the minibus and brings it back washed.", to=TRUST),
    Said(99, "pellgate", "thimble", 4, good="Holds our sizes in stock and takes returns in September.", to=ALL),
    Said(25, "fennock", "snapdragon", 3, again=None, good="Lovely class photographs.",
         bad="Commission statement six weeks late.", to=AUTHORITY),
)  # fmt: skip

NOTES: Final = (
    Noted(24, "oakfold", "caldbeck", About.PROBLEM,
         "No heating on the Monday after half-term. Rang at 7.05, engineer here at 13.40; their own promise is four hours. "
         "Infants taught in coats until two.", file="hall-thermometer.png"),
    Noted(23, "oakfold", "caldbeck", About.RECORD, "Their own log of the call-out, as they sent it.", file="call-out-log.txt"),
    Noted(20, "oakfold", "caldbeck", About.GOOD, "Manager rang to apologise and has taken the call-out charge off the bill.",
         to=CLUSTER),
    Noted(3, "oakfold", "greensward", About.GOOD,
         "Priya, ask for Colin and say Oakfold sent you: he will price your verge with the field.", all_to="hexby"),
    Noted(68, "harrowmere", "northbyte", About.RECORD,
         "Quote for the new wireless in the sixth-form block received; decide before the summer term."),
    Noted(41, "oakfold", "sentry", About.PROBLEM,
         "Alarm call-out at 2 a.m.: keyholder list was last year's although we sent the new one twice.", all_to="nursery"),
    Noted(33, "larkbeck", "clearwell", About.GOOD, "Fitted the new shower valve while here, no charge.", to=ALL),
    Noted(15, "fennock", "flueline", About.PROBLEM, "Boiler locked out again. Second time since its service.",
         all_to="oakfold"),
)  # fmt: skip

TAKEN_BACK: Final = (TakenBack(19, "wennas", "playsound"),)

REVIEWS: Final = (*BUILDINGS, *OUTDOORS, *PEOPLE, *OFFICE)
