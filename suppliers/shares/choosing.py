"""What is asked of somebody who shares: to whom, which field groups, until when; and how the answers are read.

The forms of reviews and notes ask it, and those of contracts.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from base import clock
from base.refusals import Invalid, Refusal
from base.viewer import Viewer
from sharing.access import audiences
from sharing.access.audiences import GrantChoice
from sharing.access.fields import ALL, MOST_MILES, Fields, GrantKind
from sharing.networks import networks
from sharing.schools import schools
from sharing.schools.schools import FoundSchool
from suppliers.directory.directory import Suggestion
from suppliers.merging import duplicates
from suppliers.shares import people
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, an_id, chosen_id

NEITHER: Final = "new"  # the answer that the supplier is none of those in the directory
WHICH: Final = "Choose one of these schools, or type another name."
NO_SCHOOLS: Final = schools.SchoolsPage(())
MOST_FOUND: Final = 10  # schools that a name may mean; more would want a better name
CHOSEN: Final = ("with", "school", "code", "today", "until-day", "until-month", "until-year")
CRITICISM: Final = "Criticism can go here."
ALONE: Final = "Nobody else at that school sees it."
MEAN: Final = "A rating counts towards the mean only if every school can see it."
OFFERED: Final = frozenset(GrantKind) - {GrantKind.SUPPLIER}
MILES: Final = (5, 10, MOST_MILES)


async def recipients(viewer: Viewer, *, is_opinion: bool = True) -> list[tuple[str, ...]]:
    """Whom one can share with, as (value, text, hint): the value is a kind and, behind a colon, which network or how far.

    Hints about criticism and ratings are given where an ``is_opinion`` is shared.
    """
    alone, to_one, to_all = (f"{CRITICISM} {ALONE}", (CRITICISM,), (MEAN,)) if is_opinion else (ALONE, (), ())
    ours = [(f"{GrantKind.NETWORK}:{membership.network}", membership.name) for membership in await networks.mine(viewer)]
    near = [(f"{GrantKind.NEAR}:{miles}", f"Schools within {miles} miles of yours") for miles in MILES]
    one = (str(GrantKind.SCHOOL), "One school", *to_one)
    people_named = [(f"{GrantKind.PERSON}:{one.membership}", one.name, alone) for one in await people.named_before(viewer)]
    by_code = (str(GrantKind.PERSON), "One person at another school, by their share code", alone)
    everyone = (str(GrantKind.EVERYONE), "Every school on Vouch", *to_all)
    return [one, *people_named, by_code, *ours, (str(GrantKind.CONNECTED), "The schools connected to yours"), *near, everyone]


async def schools_meant(viewer: Viewer, typed: str) -> tuple[tuple[FoundSchool, ...], bool]:
    """The schools that a typed name may mean, the nearest first, and whether that is a guess.

    Raises Invalid that names "q" where there is none.
    """
    try:
        here = await schools.place_of(viewer.school)
        found = await schools.find_schools(typed, near=here, miles=None, limit=MOST_FOUND) if typed.strip() else NO_SCHOOLS
    except Invalid as invalid:
        raise Invalid(invalid.sentence, q=invalid.sentence) from invalid
    others = tuple(school for school in found.schools if school.id != viewer.school)
    if not others:
        sentence = "No other open school has that name. Check the spelling, or type its town or URN."
        raise Invalid(sentence, q=sentence)
    return others, found.is_guess


def none_chosen(asked: Form) -> Invalid | None:
    """What is said to somebody who was shown the schools that a name may mean, and went on without choosing one."""
    return _wrong("school", WHICH) if asked.text("found_for") and asked.text("found_for") == asked.text("q") else None


async def listed_alike(viewer: Viewer, supplier: UUID) -> tuple[Suggestion, ...]:
    """Directory entries that may be this supplier."""
    found = await duplicates.alike(viewer, supplier)
    return tuple(suggestion for suggestion in found if not suggestion.is_own)


def same_as(form: Form, alike: tuple[Suggestion, ...]) -> UUID | None:
    answer = form.text("same_as")
    if answer == NEITHER or not alike:
        return None
    chosen = next((suggestion.supplier_id for suggestion in alike if str(suggestion.supplier_id) == answer), None)
    if chosen is None:
        sentence = "Say whether the supplier is one of those in the directory. Choose who may see it, and continue."
        raise Invalid(sentence, **{"with": sentence})
    return chosen


async def grant(viewer: Viewer, form: Form, groups: Fields = ALL) -> GrantChoice:
    """The line that was chosen; Invalid for what can't be read. Whether it may be shared so is judged by the verb."""
    kind, _, which = form.text("with").partition(":")
    if kind not in OFFERED:
        raise _wrong("with", "Choose who may see it.")
    if kind == GrantKind.PERSON:
        code = (which or form.text("code")).strip()
        if not code:
            raise _wrong("code", "Type the share code that they gave you.")
        person = await people.by_code(viewer, an_id(code))
        return replace(
            _line(form, GrantKind.PERSON, person.person, groups=groups), at_school=person.school, membership=person.membership
        )
    named = {GrantKind.SCHOOL: form.text("school"), GrantKind.NETWORK: which}.get(GrantKind(kind))
    subject = None if named is None else chosen_id(named, _wrong("with", "Choose who may see it from the list."))
    return _line(form, GrantKind(kind), subject, _miles(which) if kind == GrantKind.NEAR else None, groups=groups)


def _line(form: Form, kind: GrantKind, subject: UUID | None, miles: int | None = None, *, groups: Fields) -> GrantChoice:
    return GrantChoice(
        kind=kind,
        subject=subject,
        miles=miles,
        fields=audiences.fields_named(form.many("fields"), groups=groups),
        expires_at=_end(form),
        joined_before=clock.now() if form.text("today") else None,
    )


def _miles(typed: str) -> int:
    if typed not in map(str, range(1, MOST_MILES + 1)):
        raise _wrong("with", f"Choose a distance from 1 to {MOST_MILES} miles.")
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


def beside_the_questions(refusal: Refusal) -> Refusal:
    """The same refusal, each sentence at the question of this form that it is about."""
    questions = {"audience": "with", "miles": "with", "expires_at": "until", "joined_before": "today", "at_school": "code"}
    return Invalid(refusal.sentence, **{questions.get(name, name): sentence for name, sentence in refusal.fields.items()})
