"""What one erasure would take at this moment, and what a legal hold or a duty to keep it makes stay.

Everything here runs inside the caller's unit of work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from audit.erasing import erasure, holds, retention
from audit.erasing.erasure import EntryOpening, ErasureReason
from audit.erasing.retention import Duty, RecordKind
from audit.log.subjects import Subject
from base import clock, text
from base.refusals import Conflict, Invalid
from base.viewer import Viewer
from base.words import in_words
from contracts.texts import texts as contract_texts
from privacy import finds as erasure_finds
from privacy.finds import Find
from sharing.accounts import erasure as accounts
from suppliers.directory import stream_titles

LONGEST_WORDS: Final = 500
HELD_BY_ANOTHER: Final = (
    "Nothing was erased: your trust keeps what was written under its contract, by a legal hold. Ask your trust to lift it first."
)
IDENTITY: Final = frozenset({"actor", "personal.name", "personal.email"})  # fields that hold who somebody is and nothing else


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What one request comes to at this moment."""

    person: accounts.Leaver | None
    sought: tuple[str, ...]
    identity: tuple[EntryOpening, ...]
    finds: tuple[Find, ...]


async def make(
    viewer: Viewer, person: UUID | None, typed: str, *, chosen: Sequence[str] | None = None, asks: bool = False
) -> ErasurePlan:
    """Looks for the person and every name. ``chosen`` None: everything that was found.

    ``asks``: as the viewer who looks or asks, without what their interest in a supplier keeps from them. That a name they
    typed is found there would tell them what stands there, so a colleague asks for that.
    """
    who = await accounts.leaver(viewer.school, person) if person else None
    sought = (*((who.name, who.email) if who else ()), *erasure_finds.names(typed))
    if not sought:
        raise Invalid("Choose a person, or type a name to look for.", text="Choose a person, or type a name to look for.")
    identity = await _identity(viewer, who) if who else ()
    gone = {opened.key for opened in identity}
    found = [find for find in await erasure_finds.find(viewer, sought) if not (asks and find.is_kept_back)]
    finds = [find for find in found if find.is_in_a_row or not (find.openings and find.openings <= gone)]
    wanted = None if chosen is None else set(chosen)
    return ErasurePlan(who, sought, identity, tuple(find for find in finds if wanted is None or find.key in wanted))


async def _identity(viewer: Viewer, who: accounts.Leaver) -> tuple[EntryOpening, ...]:
    """The openings that hold the person's name or e-mail and nothing else."""
    trail, spelt = str(viewer.school), {one.casefold() for one in (who.name, who.email) if one}
    kept = {one.key: one for one in await erasure.about(trail, who.id) if one.field in IDENTITY}
    kept |= {one.key: one async for one in erasure.texts(trail) if str(one.value).casefold() in spelt}
    return tuple(sorted(kept.values(), key=lambda one: (one.idx, one.field)))


def checked(plan: ErasurePlan, *, chosen: Sequence[str], reason: ErasureReason | None, words: str) -> tuple[str, ErasureReason]:
    """The words made fit to keep, and the reason. Raises Invalid naming every answer that can't be used."""
    problems: dict[str, str] = {}
    if set(chosen) - {find.key for find in plan.finds}:
        problems["chosen"] = "Some of what you chose is not there any more. Look for it again."
    said = words
    try:
        said = text.prose(words, field="words", longest=LONGEST_WORDS)
    except Invalid as refusal:
        problems |= refusal.fields
    if erasure_finds.pattern(plan.sought).search(said):
        problems["words"] = "Leave the name out: these words stay in the trail."
    if plan.person is None and not chosen:
        problems["chosen"] = "Choose at least one thing to erase."
    if reason is None:
        problems["reason"] = "Choose the reason."
    if problems or reason is None:
        raise Invalid("Nothing was asked for yet.", **problems)
    return said, reason


async def refuse_what_must_stay(viewer: Viewer, plan: ErasurePlan) -> None:
    """Raises Conflict for a legal hold or a retention duty on anything that the plan would take."""
    trail = str(viewer.school)
    touched = {opened.stream for opened in plan.identity} | {find.stream for find in plan.finds}
    touched |= await contract_texts.suppliers_of(touched)
    touched |= await stream_titles.wholes(touched)
    await holds.refuse_what_is_held(trail, touched | await _held_people(trail, plan))
    for owner in await contract_texts.owners_of(touched) - {viewer.school}:
        if await holds.is_held(str(owner), touched):
            raise Conflict(HELD_BY_ANOTHER)
    duties = await retention.in_force_at(trail, clock.today())
    reasons = [(find.what, kept_of(duties, find.kind, find.counts_from)) for find in plan.finds]
    if plan.person:
        left = plan.person.left_at.astimezone(clock.LONDON).date()
        reasons.append((plan.person.name, kept_of(duties, RecordKind.ACCOUNTS, left)))
    for what, kept in reasons:
        if kept:
            raise Conflict(f"{what} has to be kept until {in_words(kept.until)}. {kept.why}")


async def _held_people(trail: str, plan: ErasurePlan) -> set[str]:
    """The subjects of the person, and of those with a hold on them whose name is looked for."""
    held = {person for hold in await holds.in_force(trail) if (person := Subject.PERSON.id_in(hold.about))}
    looked_for = erasure_finds.pattern(plan.sought)
    meant = {person for person, name in (await accounts.names(held)).items() if looked_for.search(name)}
    return {Subject.PERSON.of(person) for person in (meant | ({plan.person.id} if plan.person else set()))}


@dataclass(frozen=True, slots=True)
class Kept:
    """Until when something has to stay, and why its kind does: "Notes are kept for 6 years: Limitation Act 1980"."""

    until: date
    why: str


def kept_of(duties: Mapping[RecordKind, Duty], kind: RecordKind, day: date) -> Kept | None:
    """None when it may go."""
    duty = duties[kind]
    until = duty.until(day)
    if duty.years == 0 or until <= clock.today():
        return None
    years = "a year" if duty.years == 1 else f"{duty.years} years"
    return Kept(until, f"{kind.words} are kept for {years}: {duty.source}")
