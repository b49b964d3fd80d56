"""What the demo town's schools said of their suppliers over a year, and with whom they shared it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from suppliers.opinions.notes import About
from suppliers.record.criteria import Stage


class To(StrEnum):
    """Whom something is shared with, where that is more than one school."""

    EVERYONE = "everyone"
    AUTHORITY = "local_authority"
    TRUST = "trust"
    CLUSTER = "cluster"
    CONNECTED = "connected"
    NEARBY = "near"


@dataclass(frozen=True, slots=True)
class DemoReview:
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
    judged: tuple[int | None, ...] = ()  # by each Criterion, in their order; (): by none
    stage: Stage | None = None
    evidence: str | None = None
    extras: tuple[tuple[str, str], ...] = ()  # extra questions, each with its answer

    @property
    def is_vouch(self) -> bool:
        return self.stars is None and not self.good and not self.bad


@dataclass(frozen=True, slots=True)
class DemoNote:
    days_ago: int
    school: str
    firm: str
    about: About
    body: str
    to: tuple[To, ...] = ()
    all_to: str = ""
    file: str = ""  # a key of FILES in demo/files.py


@dataclass(frozen=True, slots=True)
class DemoWithdrawal:
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
    DemoReview(366, "oakfold", "caldbeck", to=ALL),
    DemoReview(214, "oakfold", "caldbeck", 5,
               good="Same engineer every year, knows both boilers. Service sheets in my inbox the same day.", to=ALL,
               judged=(4, 5, 5, 5), stage=Stage.IN_SERVICE, evidence="Invoice CB-20417",
               extras=(("comes_soon", "same_day"), ("fixed_first_time", "nearly_always"), ("price_as_quoted", "yes"))),
    DemoReview(330, "harrowmere", "caldbeck", 4,
               good="Six boilers serviced over Easter without disturbing anyone. Clear quotes for parts.",
               bad="The invoice took two chasers.", to=ALL, judged=(4, 4, 5, 3), stage=Stage.IN_SERVICE,
               evidence="Contract HA/14", extras=(("comes_soon", "next_day"), ("price_as_quoted", "yes"))),
    DemoReview(190, "nursery", "caldbeck", to=ALL),
    DemoReview(121, "pellgate", "caldbeck", 5, good="Out within two hours when the hall heating failed, and fixed it that day.",
               to=ALL, judged=(None, 5, 5, 5), stage=Stage.ENDED,
               extras=(("comes_soon", "same_day"), ("fixed_first_time", "often"))),
    DemoReview(88, "wennas", "caldbeck", 4, good="Tidy, polite, always sign in at the office first.",
               to=(To.CLUSTER, To.AUTHORITY)),
    DemoReview(43, "larkbeck", "caldbeck", 4, good="Good with our pupils about: they ask before they drill.", to=CONNECTED),
    DemoReview(300, "fennock", "flueline", 2, again=False, good="Cheap for the annual service.",
               bad="Three call-outs for the same fault, each one charged. The office never rang back.", to=AUTHORITY,
               judged=(2, 1, 3, 1), stage=Stage.ENDED, evidence="Invoices 881, 904 and 930",
               extras=(("comes_soon", "within_a_week"), ("fixed_first_time", "rarely"), ("price_as_quoted", "no")),
               all_to="oakfold"),
    DemoReview(255, "skelby", "flueline", 3, again=None, good="Certificates always in order.",
               bad="Weekend rate for a Friday afternoon.", to=AUTHORITY),
    DemoReview(102, "oxmoor", "flueline", 2, again=False, good="Friendly on the telephone.",
               bad="Missed two appointments in a row, and the infants had no heating until the Wednesday.", to=TRUST,
               all_to="larkbeck"),
    DemoReview(277, "harrowmere", "warmwell", 3, again=None, good="They know big plant rooms.",
               bad="Everything needs a second visit.", to=TRUST),
    DemoReview(64, "larkbeck", "warmwell", 4, good="Sorted the hydrotherapy pool's air handling when two others gave up.",
               to=ALL),
    DemoReview(240, "oakfold", "safeplug", 5,
               good="400 items in a day and a spreadsheet that opens. Does the kitchen before eight.",
               to=ALL),
    DemoReview(233, "aldersby", "safeplug", to=TRUST),
    DemoReview(150, "nursery", "safeplug", 4, good="Careful round the little ones, came after three as asked.", to=CLUSTER),
    DemoReview(138, "skelby", "voltway", 4, good="Rewired the drama studio inside a half-term and left it swept.", to=ALL),
    DemoReview(91, "fennock", "voltway", 3, again=None, good="Sound work on the emergency lighting.",
               bad="PAT labels came off within a week."),
    DemoReview(205, "oakfold", "clearwell", 4, good="Log book kept for us, and the monthly visit really is monthly.",
               to=(To.TRUST, To.CLUSTER)),
    DemoReview(176, "larkbeck", "clearwell", 5, good="Explained the TMV results in plain English to our governors.", to=ALL),
    DemoReview(260, "harrowmere", "sentry", 4, good="Fire panel faults answered within four hours, twice this year.", to=ALL),
    DemoReview(111, "oakfold", "sentry", 2, again=False, good="The engineers themselves are fine.",
               bad="Auto-renewed for three years on a notice period buried on page nine. Read the terms.", to=TRUST,
               all_to="nursery"),
    DemoReview(70, "pellgate", "overslate", 5,
               good="Leak over the library found in ten minutes; the last firm wanted scaffolding.",
               to=ALL),
    DemoReview(52, "oxmoor", "overslate", to=NEARBY),
    DemoReview(169, "aldersby", "mousetrap", 4,
               good="Mice gone by the second visit, and advice that the kitchen actually follows.",
               to=TRUST),
    DemoReview(36, "wennas", "mousetrap", to=ALL),
    DemoReview(391, "harrowmere", "mousetrap", to=ALL),  # lapsed: nobody renewed it
)  # fmt: skip

OUTDOORS: Final = (
    DemoReview(320, "oakfold", "greensward", 5,
               good="Pitch marked before sports day without being asked. Same two lads all season.",
               to=ALL),
    DemoReview(244, "aldersby", "greensward", 4, good="Reliable fortnightly cut, texts the day before.",
               bad="Hedges are extra and not cheap.", to=(To.TRUST, To.AUTHORITY)),
    DemoReview(160, "oxmoor", "greensward", to=ALL),
    DemoReview(97, "pellgate", "greensward", 5,
               good="Cut the whole field round the nesting larks because our Year 5s wrote to them.",
               to=ALL),
    DemoReview(31, "skelby", "greensward", 4, good="Gritted the bus bay by 6.30 every icy morning.", to=AUTHORITY),
    DemoReview(288, "fennock", "mowden", 4, good="Local, fair price, never late.", to=ALL),
    DemoReview(199, "wennas", "mowden", 3, again=None, good="Willing.",
               bad="Leave clippings across the playground, which then walk into the hall.", to=CLUSTER),
    DemoReview(84, "harrowmere", "mowden", 2, again=False, good="Good price for the size of our site.",
               bad="Strimmed through the astroturf edge and argued about it for a month.", to=TRUST, all_to="oakfold"),
    DemoReview(133, "nursery", "topiary", 5, good="Comes when we ring, mends the odd fence panel as well."),
    DemoReview(226, "larkbeck", "heartwood", 5,
               good="Survey, felling and the council's paperwork in one. The ash by the gate is down safely.", to=ALL),
    DemoReview(372, "aldersby", "heartwood", to=TRUST),
    DemoReview(58, "aldersby", "heartwood", to=TRUST),  # renewed
    DemoReview(182, "oxmoor", "playsound", 4, good="Annual inspection report with photographs and what to do first.", to=ALL),
    DemoReview(47, "wennas", "playsound", 2, again=False, good="Nice drawings.",
               bad="The surfacing lifted in the first winter; still waiting for somebody to look.", all_to="nursery"),
)  # fmt: skip

PEOPLE: Final = (
    DemoReview(310, "harrowmere", "coverline", 5,
               good="Rings at seven with a name, not at nine with an excuse. Science cover who are scientists.", to=ALL,
               extras=(("bookings_filled", "nearly_always"), ("person_fitted", "nearly_always"), ("bills_right", "often"))),
    DemoReview(222, "oakfold", "coverline", 4, good="They send the same two people, so the children know them.", to=ALL,
               extras=(("bookings_filled", "often"), ("person_fitted", "nearly_always"))),
    DemoReview(140, "fennock", "coverline", to=ALL),
    DemoReview(75, "larkbeck", "coverline", 5, good="Read our pupils' plans before they came. Rare.", to=CONNECTED,
               extras=(("bookings_filled", "nearly_always"), ("person_fitted", "nearly_always"))),
    DemoReview(268, "skelby", "chalk", 4, good="Good for long-term cover; vetting file complete every time.", to=ALL,
               extras=(("bookings_filled", "often"), ("bills_right", "nearly_always"))),
    DemoReview(146, "aldersby", "chalk", 3, again=None, good="Decent teaching assistants.",
               bad="A finder's fee nobody mentioned until we wanted to keep one.", to=TRUST, all_to="pellgate"),
    DemoReview(203, "wennas", "mornington", 1, again=False, good="",
               bad="Sent somebody whose DBS check was for another name. We turned them away at the door.", by_head=True,
               to=CLUSTER),
    DemoReview(118, "pellgate", "mornington", 2, again=False, good="Quick to answer the telephone.",
               bad="Three no-shows in a half-term.", all_to="aldersby",
               extras=(("bookings_filled", "sometimes"), ("person_fitted", "rarely"))),
    DemoReview(231, "oakfold", "payright", 4, good="Month end is quiet now. The pensions return was right first time.", to=TRUST,
               extras=(("pay_right", "nearly_always"),)),
    DemoReview(180, "skelby", "payright", 3, again=None, good="Helpful once you reach a person.",
               bad="Back-pay wrong for two midday supervisors.", to=ALL,
               extras=(("pay_right", "often"), ("can_be_reached", "sometimes"))),
    DemoReview(157, "larkbeck", "calmwater", 5,
               good="Therapist in every Tuesday, reports we can put straight into the annual review.", to=ALL),
    DemoReview(66, "nursery", "calmwater", to=CLUSTER),
    DemoReview(249, "pellgate", "beanstalk", 5, good="Breakfast club full within a month and they run the bookings.", to=ALL),
    DemoReview(29, "oakfold", "beanstalk", 4, good="Staff stay, which parents notice.", to=CLUSTER),
    DemoReview(195, "aldersby", "kickabout", 4, good="Proper PPA cover with plans and assessments.", to=(To.TRUST, To.AUTHORITY)),
    DemoReview(105, "oxmoor", "kickabout", 3, again=None, good="Children love it.", bad="Late most Thursdays.",
               interest="The business manager's nephew coaches for them."),
    DemoReview(292, "fennock", "harmony", 5, good="Whole-class ukulele, instruments included, concert in July.", to=ALL),
    DemoReview(55, "oakfold", "harmony", 4, good="Brass teacher gave up lunch hours before the Christmas concert.", to=ALL),
    DemoReview(128, "wennas", "keys", to=CLUSTER),
)  # fmt: skip

OFFICE: Final = (
    DemoReview(345, "oakfold", "larder", 4, good="Uptake from 48 to 71 per cent in two terms. Roast day is packed.",
               bad="Allergen sheets late after a menu change.", to=(To.TRUST, To.CLUSTER), all_to="larkbeck",
               extras=(("pupils_eat_it", "most"), ("special_diets", "partly"))),
    DemoReview(216, "pellgate", "larder", 5, good="The cook knows every child's name.", to=ALL,
               extras=(("pupils_eat_it", "most"), ("special_diets", "yes"))),
    DemoReview(95, "oxmoor", "larder", to=ALL),
    DemoReview(251, "harrowmere", "brightplate", 3, again=None, good="Queue down to twelve minutes.",
               bad="Prices went up mid-contract with a week's notice.", to=TRUST),
    DemoReview(82, "fennock", "brightplate", 4, good="Kitchen deep-cleaned without being chased.", to=ALL),
    DemoReview(236, "larkbeck", "dales_milk", to=ALL),
    DemoReview(173, "aldersby", "tillo", 4, good="Parents found it without us sending a single guide.", to=ALL),
    DemoReview(50, "harrowmere", "tillo", 2, again=False, good="The reports are fine.",
               bad="Tills went down two Fridays running; the help line shuts at four.", to=TRUST),
    DemoReview(280, "oakfold", "sparkle", 4, good="Window clean included. They tell us when they are short-staffed.", to=ALL,
               extras=(("same_people", "often"), ("somebody_else_comes", "often"))),
    DemoReview(187, "wennas", "sparkle", 3, again=None, good="Hall floor looks new.", bad="Different team each half-term.",
               to=CLUSTER, extras=(("same_people", "rarely"),)),
    DemoReview(113, "skelby", "beesom", 2, again=False, good="Cheapest quote by far.",
               bad="You get what you pay for: bins not emptied, science labs locked open.", all_to="harrowmere"),
    DemoReview(61, "nursery", "janitor", 4, good="Next-day delivery, no minimum order.", to=ALL),
    DemoReview(315, "harrowmere", "copyright", 2, again=False, good="The machines are good.",
               bad="Lease charged for two that went back in March; it took a solicitor's letter.", to=TRUST, all_to="oakfold"),
    DemoReview(209, "oakfold", "copyright", 3, again=None, good="Engineer next day, every time.",
               bad="Colour clicks cost three times the quote.", to=CLUSTER,
               extras=(("comes_soon", "next_day"), ("bills_right", "sometimes"))),
    DemoReview(271, "aldersby", "printwise", 5,
               good="Three-year MFD lease with an end date you can read. Toner turns up before it runs out.", to=ALL,
               extras=(("comes_soon", "next_day"), ("bills_right", "nearly_always"))),
    DemoReview(144, "larkbeck", "printwise", 4, good="Set every teacher up on follow-me printing in a morning.", to=ALL,
               extras=(("comes_soon", "same_day"), ("bills_right", "nearly_always"))),
    DemoReview(38, "pellgate", "printwise", to=ALL),
    DemoReview(304, "oakfold", "northbyte", 5,
               good="On site Tuesdays, answers the rest of the week. Restored a deleted finance folder in an hour.", to=ALL),
    DemoReview(167, "fennock", "northbyte", 4, good="Chromebooks arrived set up and labelled.", to=CONNECTED),
    DemoReview(79, "oxmoor", "northbyte", to=TRUST),
    DemoReview(219, "skelby", "classcloud", 3, again=None, good="Strong on interactive screens.", bad="Tickets close themselves.",
               to=AUTHORITY),
    DemoReview(262, "harrowmere", "fords_minibus", 5,
               good="Section 19 permit advice free, and a spare bus when ours failed its MOT.",
               to=ALL),
    DemoReview(131, "oakfold", "fords_minibus", to=ALL),
    DemoReview(334, "oakfold", "thimble", to=CLUSTER),  # these two lapse soon
    DemoReview(322, "oakfold", "snapdragon", to=CLUSTER),
    DemoReview(45, "larkbeck", "fords_minibus", 4, good="Tail lift works, driver knows how to clamp a chair.", to=ALL),
    DemoReview(73, "pellgate", "fordway_coaches", 4, good="Swimming run on time all term, and they ring when traffic is bad.",
               to=ALL, extras=(("on_time", "nearly_always"), ("can_be_reached", "nearly_always"))),
    DemoReview(153, "aldersby", "skelby_garage", 4, good="Fetches the minibus and brings it back washed.", to=TRUST),
    DemoReview(99, "pellgate", "thimble", 4, good="Holds our sizes in stock and takes returns in September.", to=ALL),
    DemoReview(25, "fennock", "snapdragon", 3, again=None, good="Lovely class photographs.",
               bad="Commission statement six weeks late.", to=AUTHORITY),
)  # fmt: skip

NOTES: Final = (
    DemoNote(24, "oakfold", "caldbeck", About.PROBLEM,
             "No heating on the Monday after half-term. Rang at 7.05, engineer here at 13.40; their own promise is four hours. "
             "Infants taught in coats until two.", file="hall-thermometer.png"),
    DemoNote(23, "oakfold", "caldbeck", About.RECORD, "Their own log of the call-out, as they sent it.", file="call-out-log.txt"),
    DemoNote(20, "oakfold", "caldbeck", About.GOOD, "Manager rang to apologise and has taken the call-out charge off the bill.",
             to=CLUSTER),
    DemoNote(3, "oakfold", "greensward", About.GOOD,
             "Priya, ask for Colin and say Oakfold sent you: he will price your verge with the field.", all_to="hexby"),
    DemoNote(68, "harrowmere", "northbyte", About.RECORD,
             "Quote for the new wireless in the sixth-form block received; decide before the summer term."),
    DemoNote(41, "oakfold", "sentry", About.PROBLEM,
             "Alarm call-out at 2 a.m.: keyholder list was last year's although we sent the new one twice.", all_to="nursery"),
    DemoNote(33, "larkbeck", "clearwell", About.GOOD, "Fitted the new shower valve while here, no charge.", to=ALL),
    DemoNote(15, "fennock", "flueline", About.PROBLEM, "Boiler locked out again. Second time since its service.",
             all_to="oakfold"),
)  # fmt: skip

TAKEN_BACK: Final = (DemoWithdrawal(19, "wennas", "playsound"),)

REVIEWS: Final = (*BUILDINGS, *OUTDOORS, *PEOPLE, *OFFICE)
