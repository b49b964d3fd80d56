"""What is asked of somebody who shares: to whom, which field groups for each of these, until when; and how the answers are read.

The forms of reviews and notes ask it, and those of contracts. Several can be chosen at once, each with groups of its own.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from base import clock
from base.refusals import Invalid, Refusal, read_together, refuse_all
from base.viewer import Viewer
from sharing.access import audiences
from sharing.access.audiences import GrantChoice
from sharing.access.fields import ALL, MOST_MILES, ONE_TO_ONE, Fields, GrantKind
from sharing.networks import networks
from sharing.schools import schools
from sharing.schools.schools import FoundSchool
from suppliers.directory.directory import Suggestion
from suppliers.merging import duplicates
from suppliers.shares import people
from suppliers.shares.publishing import SaidOfEntries
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, an_id, chosen_id

NEITHER: Final = "new"  # the answer that the supplier is none of those in the directory
FROM_THE_LIST: Final = "Choose who may see it from the list."
WHICH: Final = "Choose one of these schools, or type another name."
MOST_FOUND: Final = 10  # schools that a name may mean; more would want a better name
MOST_CHOSEN: Final = 20  # at once; the address of the page that asks back has a limit too
ONCE: Final = ("school", "code", "miles", "until-day", "until-month", "until-year")  # asked once, whomever is chosen
NOBODY: Final = "Choose who may see it."
NO_SCHOOL: Final = "Enter the name, town or URN of the school."
CHANGED: Final = (
    "Who will see it, what of it, or what it says, changed since you were shown it, so nothing was done. This is how it is now: "
    "look again, then decide."
)
CRITICISM: Final = "Criticism can go here."
ALONE: Final = "Nobody else at that school sees it."
MEAN: Final = "A rating counts towards the mean only if every school can see it."
MILES: Final = (5, 10, MOST_MILES)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom one can share with. ``value`` is a kind and, behind a colon, which network or person."""

    value: str
    text: str
    hint: str = ""

    def asks(self, question: str) -> str:
        """The name of a question that is asked of this recipient alone: "fields" or "today"."""
        return _asks(self.value, question)

    @property
    def is_one(self) -> bool:
        return _kind(self.value) in ONE_TO_ONE

    @property
    def is_network(self) -> bool:
        return _kind(self.value) == GrantKind.NETWORK


async def recipients(viewer: Viewer, *, criticises: bool, rates: bool) -> list[Recipient]:
    """Whom one can share with. Hints are given about criticism where what is shared ``criticises``, or may, and about the mean
    where it ``rates``.
    """
    alone, to_one = (f"{CRITICISM} {ALONE}", CRITICISM) if criticises else (ALONE, "")
    to_all = MEAN if rates else ""
    return [
        Recipient(GrantKind.SCHOOL.value, "One school", to_one),
        *(Recipient(f"{GrantKind.PERSON}:{one.membership}", one.name, alone) for one in await people.named_before(viewer)),
        Recipient(GrantKind.PERSON.value, "One person at another school, by their share code", alone),
        *(Recipient(f"{GrantKind.NETWORK}:{joined.network}", joined.name) for joined in await networks.mine(viewer)),
        Recipient(GrantKind.CONNECTED.value, "The schools connected to yours"),
        Recipient(GrantKind.NEAR.value, "Schools near yours"),
        Recipient(GrantKind.EVERYONE.value, "Every school on Vouch", to_all),
    ]


def ticked(offered: Iterable[Recipient], fields: Iterable[str]) -> dict[str, list[str]]:
    """The form as it comes: these field groups ticked for each, criticism only for one school or person."""
    ticks = list(fields)
    wide = [field for field in ticks if field != "criticism"]
    return {one.asks("fields"): ticks if one.is_one else wide for one in offered}


def _kind(value: str) -> str:
    return value.partition(":")[0]


def _asks(value: str, question: str) -> str:
    """Short, for all of them stand in the address of the page that asks back."""
    kind, _, which = value.partition(":")
    return f"{question}-{kind}{'-' if which else ''}{which[:8]}"


@dataclass(frozen=True, slots=True)
class SchoolMeant:
    """``answered`` is what was asked, with the school where a typed name means just one; else ``found`` are to choose from."""

    answered: Form
    found: tuple[FoundSchool, ...] = ()
    is_guess: bool = False
    wrong: Invalid | None = None  # what is said to somebody who was shown them, and went on without choosing one


async def school_meant(viewer: Viewer, form: Form) -> SchoolMeant:
    """Which school is meant, where one is to be shared with and was typed. Raises Invalid that names "q" where there is none."""
    if GrantKind.SCHOOL not in form.many("with") or form.text("school"):
        return SchoolMeant(form)
    found, is_guess = await _schools_named(viewer, form.text("q"))
    if len(found) == 1 and not is_guess:
        return SchoolMeant(Form({**form.fields, "school": (str(found[0].id),)}))
    was_asked = form.text("found_for") and form.text("found_for") == form.text("q")
    return SchoolMeant(form, found, is_guess, _wrong("school", WHICH) if was_asked else None)


async def _schools_named(viewer: Viewer, typed: str) -> tuple[tuple[FoundSchool, ...], bool]:
    """The schools that a typed name may mean, the nearest first, and whether that is a guess."""
    if not typed.strip():
        raise _wrong("q", NO_SCHOOL)
    try:
        here = await schools.place_of(viewer.school)
        found = await schools.find_schools(typed, near=here, miles=None, limit=MOST_FOUND)
    except Invalid as invalid:
        raise Invalid(invalid.sentence, q=invalid.sentence) from invalid
    others = tuple(school for school in found.schools if school.id != viewer.school)
    if not others:
        sentence = "No other open school has that name. Check the spelling, or type its town or URN."
        raise Invalid(sentence, q=sentence)
    return others, found.is_guess


async def listed_alike(viewer: Viewer, supplier: UUID) -> tuple[Suggestion, ...]:
    """Directory entries that may be this supplier."""
    found = await duplicates.alike(viewer, supplier)
    return tuple(suggestion for suggestion in found if not suggestion.is_own)


def said_of_entries(form: Form, alike: tuple[Suggestion, ...]) -> SaidOfEntries:
    """Raises Invalid where some are ``alike`` and nothing was said of them."""
    answer = form.text("same_as")
    if answer == NEITHER or not alike:
        return SaidOfEntries(none_of=tuple(one.supplier_id for one in alike))
    chosen = next((suggestion.supplier_id for suggestion in alike if str(suggestion.supplier_id) == answer), None)
    if chosen is None:
        sentence = "Say whether the supplier is one of those in the directory. Choose who may see it, and continue."
        raise Invalid(sentence, **{"with": sentence})
    return SaidOfEntries(same_as=chosen)


async def grants(viewer: Viewer, form: Form, groups: Fields = ALL) -> tuple[GrantChoice, ...]:
    """The lines that were chosen, each with what was ticked for it; Invalid for all that can't be read.

    Whether they may be shared so is judged by the verb.
    """
    values = dict.fromkeys(form.many("with"))
    if not values:
        raise _wrong("with", NOBODY)
    if len(values) > MOST_CHOSEN:
        raise _wrong("with", f"Choose at most {MOST_CHOSEN} at once. What you share now stays when you choose more.")
    whom: list[GrantChoice] = []
    what: list[tuple[Fields, datetime | None, datetime | None]] = []
    wrong: list[Invalid] = []
    for value in values:
        try:
            whom.append(await _whom(viewer, form, value))
        except Invalid as refusal:
            wrong.append(refusal)
        try:
            what.append(_what(form, value, groups))
        except Invalid as refusal:
            wrong.append(refusal)
    refuse_all(wrong)
    return tuple(
        replace(one, fields=fields, joined_before=since, expires_at=end)
        for one, (fields, since, end) in zip(whom, what, strict=True)
    )


async def _whom(viewer: Viewer, form: Form, value: str) -> GrantChoice:
    kind, _, which = value.partition(":")
    match kind:
        case GrantKind.PERSON:
            code = (which or form.text("code")).strip()
            if not code:
                raise _wrong("code", "Type the share code that they gave you.")
            person = await people.by_code(viewer, an_id(code))
            return GrantChoice(GrantKind.PERSON, person.person, at_school=person.school, membership=person.membership)
        case GrantKind.SCHOOL:
            return GrantChoice(GrantKind.SCHOOL, chosen_id(form.text("school"), _wrong("with", FROM_THE_LIST)))
        case GrantKind.NETWORK:
            return GrantChoice(GrantKind.NETWORK, chosen_id(which, _wrong("with", FROM_THE_LIST)))
        case GrantKind.NEAR:
            return GrantChoice(GrantKind.NEAR, miles=_miles(form.text("miles")))
        case GrantKind.CONNECTED | GrantKind.EVERYONE:
            return GrantChoice(GrantKind(kind))
        case _:
            raise _wrong("with", NOBODY)


def _what(form: Form, value: str, groups: Fields) -> tuple[Fields, datetime | None, datetime | None]:
    """Which fields, who of a network, until when, as ticked and typed. Raises Invalid for all of it that can't be read."""
    ticks, today = _asks(value, "fields"), _asks(value, "today")
    fields, since, end = read_together(
        lambda: _at(ticks, lambda: audiences.fields_named(form.many(ticks), groups=groups)),
        lambda: _members_today(form.text(today), today),
        lambda: _end(form),
    )
    return fields, since, end


def _at(question: str, read: Callable[[], Fields]) -> Fields:
    try:
        return read()
    except Invalid as refusal:
        raise _wrong(question, refusal.sentence) from refusal


def _members_today(typed: str, question: str) -> datetime | None:
    """Since when a school must have been in the network: now, or since it was asked back, in the words of ``answers``."""
    if not typed:
        return None
    if typed == "yes":
        return clock.now()
    try:
        since = datetime.fromisoformat(typed)
    except ValueError:
        since = None
    if since is None or since.tzinfo is None:
        raise _wrong(question, "Tick it, or leave it.")
    return since


def answers(form: Form, chosen: Iterable[GrantChoice]) -> list[tuple[str, str]]:
    """What the page that asks back sends on: what was chosen, as it was read, and nothing of whom nobody chose."""
    sent = [(name, form.text(name)) for name in ONCE if form.text(name)]
    for value, line in zip(dict.fromkeys(form.many("with")), chosen, strict=True):
        sent.append(("with", value))
        sent += [(_asks(value, "fields"), field) for field in form.many(_asks(value, "fields"))]
        if line.joined_before:
            sent.append((_asks(value, "today"), line.joined_before.isoformat()))
    return sent


def _miles(typed: str) -> int:
    if typed not in map(str, range(1, MOST_MILES + 1)):
        raise _wrong("miles", f"Choose a distance from 1 to {MOST_MILES} miles.")
    return int(typed)


def _end(form: Form) -> datetime | None:
    """A share lasts to the end of its last day, which is midnight in England."""
    last = form.day("until")
    if last is None:
        return None
    if last < clock.today() or last.year > clock.today().year + audiences.LONGEST_YEARS:
        raise _wrong("until", "Choose an end date that is still to come.")
    return datetime.combine(last + timedelta(days=1), time(), tzinfo=clock.LONDON)


def _wrong(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, **{field: sentence})


def asked(request: AnyRequest) -> Form:
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in request.query_params.multi_items():
        fields[name] = (*fields.get(name, ()), str(value))
    return Form(fields)


def beside_the_questions(refusal: Refusal, asked: Any) -> Refusal:
    """The same refusal, each sentence at the question of this form that it is about; ``asked`` is what was answered."""
    values = asked.many("with") if isinstance(asked, Form) else ()
    wide = [value for value in values if _kind(value) not in ONE_TO_ONE]
    tells = next((value for value in wide if "criticism" in asked.many(_asks(value, "fields"))), values[0] if values else "")
    today = next((_asks(value, "today") for value in values if asked.text(_asks(value, "today"))), "with")
    questions: Mapping[str, str] = {
        "audience": "with",
        "expires_at": "until",
        "joined_before": today,
        "at_school": "code",
        "fields": _asks(tells, "fields") if tells else "with",
    }
    return Invalid(refusal.sentence, **{questions.get(name, name): sentence for name, sentence in refusal.fields.items()})
