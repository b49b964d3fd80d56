"""The demo town's schools and people. All of it is invented: there is no Harrowmere, and no such school, trust or person.

URNs from 900001 are not given out, postcodes end in letters that none has, e-mail addresses are at .example domains.
"""

from dataclasses import dataclass, replace
from typing import Final

from base.viewer import Role
from sharing.schools.register import RegisterRow
from sharing.schools.register_values import Status

AUTHORITY: Final = "Harrowshire"
FAR_AWAY: Final = "Fellmarch"  # the authority of the federation
TOWNS: Final = ("Harrowmere", "Skelby", "Aldersby", "Fennock")  # the other places are villages
CLUSTER: Final = "Harrowmere Schools' Cluster"

BEACON: Final = ("990001", "Harrow Beacon Academies Trust")
FORDS: Final = ("990002", "Three Fords Learning Trust")
FEDERATION: Final = ("990011", "Thrissel Dale Federation")
TRUSTS: Final = {"beacon": BEACON}  # those whose central team is here


@dataclass(frozen=True, slots=True)
class Staff:
    school: str  # key of SCHOOLS or TRUSTS
    role: Role
    name: str
    days_ago: int  # when they joined
    signs_in: str = ""  # why somebody trying Vouch would sign in as this person; "" for the rest of the town

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@{self.school}.example"


def _school(
    urn: int,
    name: str,
    what: tuple[str, int],  # phase or type, and how many pupils
    town: str,
    where: tuple[str, float, float],
    trust: tuple[str, str] | None = None,
    authority: str = AUTHORITY,
) -> RegisterRow:
    postcode, lat, lon = where
    return RegisterRow(
        urn=urn,
        name=name,
        local_authority=authority,
        phase=what[0],
        status=Status.OPEN,
        town=town,
        postcode=postcode,
        lat=lat,
        lon=lon,
        trust_uid=trust[0] if trust else None,
        trust_name=trust[1] if trust else None,
        ukprn=None,
        open_date=None,
        close_date=None,
        pupils=what[1],
        is_rural=town not in TOWNS,
    )


def _federated(urn: int, name: str, pupils: int, town: str, where: tuple[str, float, float]) -> RegisterRow:
    school = _school(urn, name, ("Primary", pupils), town, where, authority=FAR_AWAY)
    return replace(school, federation_uid=FEDERATION[0], federation_name=FEDERATION[1])


# Within some twelve miles. Mossgate is just over the county border, so that it shares no network with anybody.
SCHOOLS: Final = {
    "oakfold": _school(900001, "Oakfold Primary School", ("Primary", 212), "Harrowmere", ("LN9 5CV", 53.217, -0.112), BEACON),
    "harrowmere": _school(
        900002, "Harrowmere High School", ("Secondary", 940), "Harrowmere", ("LN9 5KO", 53.226, -0.098), BEACON
    ),
    "aldersby": _school(900003, "Aldersby Primary School", ("Primary", 188), "Aldersby", ("LN9 6MC", 53.262, -0.171), BEACON),
    "fennock": _school(900004, "Fennock Junior School", ("Primary", 176), "Fennock", ("LN9 6IV", 53.178, -0.055), FORDS),
    "oxmoor": _school(
        900005, "Little Oxmoor Infant School", ("Primary", 98), "Little Oxmoor", ("LN9 6KC", 53.161, -0.071), FORDS
    ),
    "larkbeck": _school(
        900006, "Larkbeck School", ("Community special school", 84), "Harrowmere", ("LN9 5OM", 53.209, -0.131), FORDS
    ),
    "wennas": _school(900007, "St Wenna's Catholic Primary School", ("Primary", 205), "Harrowmere", ("LN9 5VK", 53.221, -0.121)),
    "nursery": _school(900008, "Harrowmere Nursery School", ("Nursery", 52), "Harrowmere", ("LN9 5IC", 53.214, -0.105)),
    "pellgate": _school(900009, "Pellgate Primary School", ("Primary", 156), "Pellgate", ("LN9 6VO", 53.245, -0.022)),
    "skelby": _school(900010, "Skelby Community College", ("Secondary", 870), "Skelby", ("LN9 6CM", 53.142, -0.158)),
    "hexby": _school(
        900011, "Hexby Village School", ("Primary", 61), "Hexby", ("LN8 5MV", 53.306, -0.146), authority="Westerfold"
    ),
    # Too far away to be heard in Harrowmere: three schools under one governing body, for whom one person keeps the contracts.
    "thrisselby": _federated(900012, "Thrisselby Primary School", 94, "Thrisselby", ("DL9 7KO", 54.402, -1.942)),
    "garrowgill": _federated(900013, "Garrowgill Primary School", 41, "Garrowgill", ("DL9 7IM", 54.431, -1.987)),
    "overthrissel": _federated(900014, "Over Thrissel Infant School", 36, "Over Thrissel", ("DL9 7VC", 54.388, -2.011)),
}


def name_of(school: str) -> str:
    return TRUSTS[school][1] if school in TRUSTS else SCHOOLS[school].name


STAFF: Final = (
    Staff("harrowmere", Role.BUSINESS_MANAGER, "Derek Allsop", 400),
    Staff("oakfold", Role.BUSINESS_MANAGER, "Joanne Pickering", 399, "a year of reviews, notes and shares"),
    Staff("oakfold", Role.HEAD, "Martin Ekwueme", 398, "may share criticism with many"),
    Staff("oakfold", Role.GOVERNOR, "Sheila Dunmore", 310, "reads everything but criticism"),
    Staff("oakfold", Role.SITE_STAFF, "Ray Postlethwaite", 305, "logs faults from a phone, and sees no price"),
    Staff("beacon", Role.BUSINESS_MANAGER, "Helen Marchetti", 262),
    Staff("beacon", Role.TRUST_LEAD, "Dominic Farrow", 255, "keeps the trust's contracts, and reads its schools'"),
    Staff("aldersby", Role.BUSINESS_MANAGER, "Tom Brackenbury", 396),
    Staff("fennock", Role.BUSINESS_MANAGER, "Lesley Cartwright", 390),
    Staff("oxmoor", Role.BUSINESS_MANAGER, "Amina Begum", 388),
    Staff("oxmoor", Role.HEAD, "Catherine Howlett", 386),
    Staff("larkbeck", Role.BUSINESS_MANAGER, "Gareth Pugh-Ellis", 380),
    Staff("wennas", Role.BUSINESS_MANAGER, "Bernadette Rooney", 377),
    Staff("wennas", Role.HEAD, "Paul Szymanski", 376),
    Staff("nursery", Role.HEAD, "Yvonne Adebayo", 360),
    Staff("pellgate", Role.BUSINESS_MANAGER, "Nick Thorogood", 352),
    Staff("skelby", Role.BUSINESS_MANAGER, "Sandra Whitlock", 340),
    Staff("skelby", Role.HEAD, "Robert Amankwah", 338),
    Staff("oakfold", Role.AUDITOR, "Ingrid Solberg", 12, "reads the audit trail and nothing else, until her grant ends"),
    Staff("hexby", Role.BUSINESS_MANAGER, "Priya Raman", 4, "just joined, linked with no other school"),
    Staff("thrisselby", Role.BUSINESS_MANAGER, "Miriam Oldroyd", 150, "looks after three schools of a federation together"),
    Staff("harrowmere", Role.HEAD, "Farah Siddiqui", 402, "runs the service: curator of the directory"),  # the first to join
)

KEEPS_ALL_OF: Final = ("thrisselby", "garrowgill", "overthrissel")  # of the federation; at the first she joined
OPERATORS: Final = "harrowmere"  # whose head was the first to join
STARTS_CLUSTER: Final = "oakfold"
IN_CLUSTER: Final = ("wennas", "nursery", "pellgate", "harrowmere")  # who accepted
DECLINED_CLUSTER: Final = "skelby"
CONNECTED: Final = (  # who asked whom, and how many days ago; accepted within the week
    ("oakfold", "fennock", 318),
    ("oakfold", "larkbeck", 247),
    ("skelby", "harrowmere", 190),
    ("pellgate", "aldersby", 126),
)
ASKED: Final = (("larkbeck", "nursery", 8), ("pellgate", "oakfold", 3))  # and how many days ago; not answered yet
BLOCKS: Final = ("oakfold", "skelby")
