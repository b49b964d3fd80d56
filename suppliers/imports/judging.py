"""What a row of an import is: new, here already, one to ask about, or news of a supplier that is the school's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from suppliers.directory.directory import Suggestion
from suppliers.imports import refreshing, remembered
from suppliers.imports.already_ours import AlreadyOurs
from suppliers.imports.remembered import AS_LAST_TIME
from suppliers.imports.rows import Option
from suppliers.imports.states import RowChoice, RowKind
from suppliers.lists import doubtful
from suppliers.matching.matching import MatchVerdict
from suppliers.record.facts import Facts

MOST_OPTIONS: Final = 4  # besides "none of these": what fits a phone
MOST_REASONS: Final = 3
UNTICKED: Final = "it is left out unless you say so"
SKIP: Final = RowChoice.SKIP.value


@dataclass(frozen=True, slots=True)
class Judged:
    kind: RowKind
    said: str = ""
    options: tuple[Option, ...] = ()
    choice: str = ""
    supplier: UUID | None = None


def judged(
    known: Facts, found: Sequence[Suggestion], perhaps: Sequence[Option], ours: AlreadyOurs, *, called: str = ""
) -> Judged:
    """``called`` is what else than a supplier the file calls it (`doubtful.other_kind`)."""
    same = next((one for one in found if one.verdict is MatchVerdict.SAME), None)
    named, doubt = ours.by_name.get(known.exact), ours.another_of_the_name(known)
    options = _options(found, perhaps)
    if named and doubt:
        first = Option(str(named), ours.facts[named].name, doubt, is_own=True)
        return Judged(RowKind.ASK, options=(first, *(one for one in options if one.choice != first.choice)))
    supplier = named or (same.supplier_id if same else None)
    if supplier:
        seen = next((one for one in found if one.supplier_id == supplier), None)  # with a doubt, where a number differs
        name, why = (seen.name, _why(seen)) if seen else (ours.facts[supplier].name, "the same name")
        if supplier in ours.used:
            return _of_ours(known, supplier, name, why, ours)
        if not any(option.choice == str(supplier) for option in options):
            options = (Option(str(supplier), name, why, is_own=supplier in ours.by_name.values()), *options)
        unlikely = doubtful.doubt(known.name, called)
        if unlikely and unlikely.starts_out:
            return Judged(
                RowKind.KNOWN, f"{name}: {why}. {UNTICKED[:1].upper()}{UNTICKED[1:]}: {unlikely.why}", options, SKIP, supplier
            )
        return Judged(RowKind.KNOWN, f"{name}: {why}", options, str(supplier), supplier)
    return Judged(RowKind.ASK, options=options) if options else _new(known, called)


def as_last_time(judged: Judged, answer: str, ours: AlreadyOurs) -> Judged:
    """A row as it was answered in an earlier list, "" for not at all, as far as that answer is still offered."""
    if judged.kind is RowKind.MORE:
        is_left = answer == remembered.left_as_it_is(judged.options[0].why)
        return replace(judged, choice=SKIP, said=f"{AS_LAST_TIME}, left as it is") if is_left else judged
    if judged.kind not in (RowKind.NEW, RowKind.KNOWN, RowKind.ASK) or not answer or answer == judged.choice:
        return judged
    words = {SKIP: "left out", RowChoice.NEW.value: "none of these"}
    if answer in words:
        return replace(judged, choice=answer, said=f"{AS_LAST_TIME}, {words[answer]}")
    chosen = next((one for one in judged.options if one.choice == answer), None)
    if chosen is None:
        return judged
    if UUID(answer) in ours.used:
        return Judged(RowKind.OURS, f"on your list as {chosen.name}: you said so last time", supplier=UUID(answer))
    return replace(judged, choice=answer, said=f"{AS_LAST_TIME}, {chosen.name}")


def _new(known: Facts, called: str) -> Judged:
    unlikely = doubtful.doubt(known.name, called)
    if unlikely is None:
        return Judged(RowKind.NEW, choice=RowChoice.NEW.value)
    if unlikely.starts_out:
        return Judged(RowKind.NEW, f"{UNTICKED}: {unlikely.why}", choice=SKIP)
    return Judged(RowKind.NEW, unlikely.why, choice=RowChoice.NEW.value)


def _of_ours(known: Facts, supplier: UUID, name: str, why: str, ours: AlreadyOurs) -> Judged:
    """What the file knows of an own record that the record doesn't is offered; an entry of the directory is not a school's."""
    news = refreshing.news_in_words(ours.facts[supplier], known) if supplier in ours.own and supplier in ours.facts else ()
    if not news:
        return Judged(RowKind.OURS, f"on your list as {name}: {why}", supplier=supplier)
    count = f"{len(news)} {'fact is' if len(news) == 1 else 'facts are'} new"
    return Judged(
        RowKind.MORE,
        f"{count}: take {'it' if len(news) == 1 else 'them'}?",
        (Option(str(supplier), name, "; ".join(news), is_own=True),),
        supplier=supplier,
    )


def _options(found: Sequence[Suggestion], in_file: Sequence[Option]) -> tuple[Option, ...]:
    seen = [Option(str(one.supplier_id), one.name, _why(one), is_own=one.is_own) for one in found]
    return (*seen[: MOST_OPTIONS - len(in_file[:2])], *in_file[:2])


def _why(one: Suggestion) -> str:
    return "; ".join(one.reasons[:MOST_REASONS]) or one.likelihood


def option_as_dict(option: Option) -> dict[str, Any]:
    return {"choice": option.choice, "name": option.name, "why": option.why, "is_own": option.is_own}
