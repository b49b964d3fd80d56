"""What happened under the demo town's contracts in a year: some late, one over half-term, one corrected, disputed, agreed upon.

Faults are found before school begins and told at once; how each went on is written down on the school day after its last step.
"""

from dataclasses import dataclass
from datetime import time
from typing import Final

from contracts.judging.kinds import PauseReason, StampKind
from contracts.promises.kinds import How

BEFORE_HALF_TERM: Final = -1  # instead of a number of days: the Friday before the last half-term


@dataclass(frozen=True, slots=True)
class Step:
    """So many school days after it was told, at an hour."""

    kind: StampKind
    days: int
    at: time
    reason: PauseReason | None = None


@dataclass(frozen=True, slots=True)
class DemoJob:
    days_ago: int
    contract: str
    what: str
    priority: str
    steps: tuple[Step, ...]
    told: time = time(7, 50)
    how: How = How.TELEPHONE
    job_number: str = ""
    by_site_staff: bool = True


@dataclass(frozen=True, slots=True)
class DemoCheck:
    """A look at the work by whoever does it every month: the promise is found by its name."""

    days_ago: int
    contract: str
    promise: str
    what: str
    passed: bool


def here(days: int, hour: int, minute: int = 0) -> Step:
    return Step(StampKind.ATTENDED, days, time(hour, minute))


def fixed(days: int, hour: int, minute: int = 0) -> Step:
    return Step(StampKind.FIXED, days, time(hour, minute))


def responded(days: int, hour: int, minute: int = 0) -> Step:
    return Step(StampKind.RESPONDED, days, time(hour, minute))


HALF_TERM: Final = "The library copier jams on every sheet"
CORRECTED: Final = "No copies from the office machine"
DISPUTED: Final = "Staff-room copier prints stripes"
AGREED: Final = "The nursery copier won't start"

COPIERS: Final = (
    DemoJob(251, "copiers", "Copies come out grey", "P2", (here(0, 13, 30), fixed(1, 9, 40)), job_number="M-20377"),
    DemoJob(213, "copiers", CORRECTED, "P1", (here(0, 11, 45), fixed(0, 12, 50)), job_number="M-20561", by_site_staff=False),
    DemoJob(160, "copiers", DISPUTED, "P2", (here(1, 14, 15), fixed(2, 11, 0)), job_number="M-20802", by_site_staff=False),
    DemoJob(139, "copiers", AGREED, "P1", (here(0, 15, 20), fixed(1, 9, 10)), job_number="M-20911", by_site_staff=False),
    DemoJob(78, "copiers", "Toner light stays on, no copies", "P1", (here(0, 13, 20), fixed(0, 16, 40)), job_number="M-21188"),
    DemoJob(52, "copiers", "Stapler jams before reports go out", "P2", (here(1, 11, 30), fixed(2, 9, 45)), job_number="M-21307"),
    DemoJob(BEFORE_HALF_TERM, "copiers", HALF_TERM, "P2", (here(0, 15, 30), fixed(1, 16, 20)), job_number="M-21420"),
    DemoJob(12, "copiers", "Office copier down again", "P1", (here(0, 14, 50), fixed(1, 10, 20)), job_number="M-21533"),
)  # fmt: skip
OTHERS: Final = (
    DemoJob(268, "boilers", "Boiler 2 locked out", "P1", (here(0, 13, 40), fixed(0, 14, 5)), job_number="CH 7718"),
    DemoJob(230, "boilers", "No hot water in the kitchen", "P1", (
        here(0, 9, 50), Step(StampKind.WAITING, 0, time(10, 30), PauseReason.US), Step(StampKind.RESUMED, 1, time(9, 0)),
        fixed(1, 11, 30))),
    DemoJob(24, "boilers", "Heating off on a frosty morning", "P1", (here(0, 11, 10), fixed(0, 12, 40)), job_number="CH 8146"),
    DemoJob(244, "ict", "Broadband is down", "P1", (responded(0, 8, 12), fixed(0, 9, 45)), job_number="NB-3388"),
    DemoJob(150, "ict", "Registers won't open", "P2", (responded(0, 9, 20), fixed(0, 15, 0)), how=How.PORTAL),
    DemoJob(5, "ict", "Tablet trolley doesn't charge", "P3", (responded(0, 9, 40),), how=How.PORTAL, job_number="NB-3590"),
    DemoJob(180, "cleaning", "Toilets not done before school", "P1", (fixed(0, 10, 25),)),
    DemoJob(68, "cleaning", "Bins in the hall not emptied", "P2", (fixed(1, 15, 45),)),
    DemoJob(271, "grounds", "Branch over the path to the gate", "P1", (
        Step(StampKind.MADE_SAFE, 0, time(9, 20)), fixed(1, 10, 0))),
    DemoJob(45, "grounds", "Gate hinge torn off", "P3", (fixed(4, 9, 0),)),
)  # fmt: skip
JOBS: Final = COPIERS + OTHERS

GROUNDS_CHECK: Final = "The grounds pass our check"
ROOMS_CHECK: Final = "Rooms pass our check"
CHECKS: Final = (
    *(DemoCheck(days, "grounds", GROUNDS_CHECK, "Field, beds and paths", passed=days != 145) for days in (225, 145, 20)),
    *(DemoCheck(days, "cleaning", ROOMS_CHECK, "Walk round with the head cleaner", passed=days == 156)
      for days in (236, 156, 36)),
)  # fmt: skip

THEIR_WORDS: Final = "The engineer was at the gate on the same afternoon, and nobody answered the bell."
AGREED_BECAUSE: Final = "The school was evacuated for a fire drill while the engineer waited outside."
CORRECTED_BECAUSE: Final = "The office rang at 07:35: it is in the telephone log."
CORRECTED_TIME: Final = time(7, 35)
