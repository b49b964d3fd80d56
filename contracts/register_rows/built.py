"""From a row that was read, and what people answered, to a contract that can be kept, or what there is still to ask. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

from base.refusals import Invalid
from contracts.fields import said as said_of
from contracts.fields.contract_fields import BY_NAME, FIELDS
from contracts.fields.said import Said
from contracts.lists.whole import Whole
from contracts.register_rows import row_read
from contracts.register_rows.row_read import AskedOf, RowRead
from contracts.register_rows.states import NameChoice
from contracts.sheets import cell_back, extension_text, own_columns, row_spelt, spelling
from contracts.sheets.own_columns import COVERS, EXTENSIONS, SUPPLIER
from contracts.sheets.row_spelt import Schools

LONGEST_NAME: Final = 300  # characters of a name by which it is known again
NOT_UNDERSTOOD, NOT_KEPT = "not_understood", "not_kept"
WHICH_SUPPLIER, WHICH_SCHOOL, WHICH_OF_SEVERAL = "which_supplier", "which_school", "which_of_several"
ASKED_AT_NAMES: Final = (WHICH_SUPPLIER, WHICH_SCHOOL)
LEFT_OPEN: Final = "To be settled"
NONE_OF_OURS: Final = "none of your schools"
OF_ANOTHER: Final = "for another school"
NO_SCHOOL_NAMED: Final = "The file is for several of your schools, and this row names none. Which is it for?"
_BESIDE: Final = ("is_draft", "notice_given_on", "ceased_on")


@dataclass(frozen=True, slots=True)
class Around:
    """Whose register it is: the school, its trust's schools (none where it is no trust), what names of the file stand for."""

    school: UUID
    of_trust: Schools
    suppliers: Mapping[str, str]  # name -> choice
    schools: Mapping[str, str]
    today: date
    is_of_several: bool = False  # the file came to several schools of one person, and its rows name them


@dataclass(frozen=True, slots=True)
class Built:
    """``said`` None: it can't be kept as long as something is ``asked``. ``left_out`` says why it is none of ours."""

    said: Said | None
    asked: tuple[AskedOf, ...] = ()
    left_out: str = ""
    title: str = ""
    supplier: UUID | None = None
    supplier_name: str = ""
    starts_on: date | None = None


def texts_of(read: RowRead, answers: Mapping[str, str]) -> dict[str, str]:
    """What each field's cell says now: by a person, else by the file."""
    return {**read.cells, **{name: text for name, text in answers.items() if name != COVERS}}


def names_of(read: RowRead, answers: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The supplier and the schools that the row names, each at most LONGEST_NAME."""
    supplier = " ".join(texts_of(read, answers).get(SUPPLIER, "").split())[:LONGEST_NAME]
    schools = read.schools or ()
    if COVERS in answers:
        schools = tuple(part for each in answers[COVERS].split(";") if (part := " ".join(each.split())))
    return supplier, tuple(" ".join(each.split())[:LONGEST_NAME] for each in schools)


def built(read: RowRead, answers: Mapping[str, str], around: Around, before: Whole | None = None) -> Built:
    """``before`` is the contract that the row changes: what the row doesn't speak of stays as it is there."""
    texts, asked = texts_of(read, answers), [one for one in read.questions if one.field not in answers]
    more, of_status = row_read.status_of(texts, answers, around.today)
    texts, asked = {**texts, **more}, [*asked, *of_status]
    kept = row_spelt.cells(before, around.of_trust) if before else {}
    spoken = _spoken_of(read, texts, kept, answers)
    values = _values(spoken, before, asked)
    supplier, schools = names_of(read, answers)
    who, named = _supplier(supplier, values, around, before if SUPPLIER not in spoken else None, asked)
    values["supplier_name"] = named
    covers, left_out = _covers(schools, around, before if not schools else None, asked)
    values["notes"] = _notes(read, answers, values["notes"], before)
    made = replace(before.said if before else Said({}), values=values, supplier=who, covers=covers)
    checked = _checked(replace(made, **_besides(spoken, asked)), asked)
    starts_on = values["starts_on"]
    return Built(
        None if asked or left_out else checked,
        tuple(dict.fromkeys(asked)),
        left_out,
        str(values["title"] or ""),
        who,
        supplier or str(named or ""),
        starts_on if isinstance(starts_on, date) else None,
    )


def _spoken_of(read: RowRead, texts: Mapping[str, str], kept: Mapping[str, str], answers: Mapping[str, str]) -> dict[str, str]:
    """The fields of which the row says anything that the register doesn't."""
    found = {}
    for name, text in texts.items():
        is_said = bool(text) or (read.own and name in read.cells) or name in answers
        if is_said and not (kept and cell_back.says_the_same(text, kept.get(name, ""))):
            found[name] = text
    return found


def _values(spoken: Mapping[str, str], before: Whole | None, asked: list[AskedOf]) -> dict[str, Any]:
    values: dict[str, Any] = dict(before.said.values) if before else {one.name: None for one in FIELDS}
    for one in FIELDS:
        if one.name in spoken:
            values[one.name] = _read(partial(spelling.read, one, spoken[one.name]), one.name, asked)
    return values


def _read(reader: Callable[[], Any], name: str, asked: list[AskedOf]) -> Any:
    try:
        return reader()
    except Invalid as refusal:
        if not any(one.field == name for one in asked):
            asked.append(AskedOf(name, NOT_UNDERSTOOD, refusal.sentence))
        return None


def _besides(spoken: Mapping[str, str], asked: list[AskedOf]) -> dict[str, Any]:
    """What stands beside the values, as far as the row speaks of it."""
    found: dict[str, Any] = {}
    for name in (name for name in _BESIDE if name in spoken):
        column, text = own_columns.BESIDE[name], spoken[name]
        found[name] = _read(partial(spelling.read, column, text), name, asked)
    if "is_draft" in found:
        found["is_draft"] = found["is_draft"] is True
    if EXTENSIONS in spoken:
        found["extensions"] = _read(partial(extension_text.read_extensions, spoken[EXTENSIONS]), EXTENSIONS, asked) or ()
    return found


def _supplier(
    name: str, values: Mapping[str, Any], around: Around, kept: Whole | None, asked: list[AskedOf]
) -> tuple[UUID | None, Any]:
    """The record, and the name on the contract."""
    if kept:
        return kept.said.supplier, values["supplier_name"]
    choice = around.suppliers.get(name, "") if name else NameChoice.NAME_ALONE
    if not choice:
        asked.append(AskedOf(SUPPLIER, WHICH_SUPPLIER, f"“{name}” may be a supplier that is here already: which one?"))
        return None, values["supplier_name"] or name
    who = None if choice == NameChoice.NAME_ALONE else UUID(choice)
    return who, values["supplier_name"] or name or None


def _covers(names: Sequence[str], around: Around, kept: Whole | None, asked: list[AskedOf]) -> tuple[tuple[UUID, ...], str]:
    """The schools that it covers; and why it is none of ours, if so."""
    if not names:
        if around.is_of_several and kept is None:
            asked.append(AskedOf(COVERS, WHICH_OF_SEVERAL, NO_SCHOOL_NAMED))
        return (tuple(kept.said.covers) if kept else ()), ""
    choices = {name: _of_today(around.schools.get(name, ""), around) for name in names}
    unsaid = [name for name, choice in choices.items() if not choice]
    asked += [AskedOf(COVERS, WHICH_SCHOOL, f"“{name}”: which of your schools is it?") for name in unsaid]
    if set(choices.values()) == {NameChoice.NOT_OURS.value}:
        return (), NONE_OF_OURS if around.of_trust else OF_ANOTHER
    found: set[UUID] = set()
    for choice in choices.values():
        if choice == NameChoice.ALL_SCHOOLS:
            found |= set(around.of_trust)
        elif choice and choice not in (NameChoice.NOT_OURS, NameChoice.OURSELVES):
            found.add(UUID(choice))
    return tuple(sorted(found - {around.school})), ""


def _of_today(choice: str, around: Around) -> str:
    """What a school's name stands for; nothing where that one has left the trust since it was chosen."""
    return choice if choice in set(NameChoice) or (choice and UUID(choice) in around.of_trust) else ""


def _notes(read: RowRead, answers: Mapping[str, str], notes: Any, before: Whole | None) -> str | None:
    """With what nobody could answer; behind what the register has noted, unless a sheet of ours says it anew."""
    lines = [str(notes)] if notes else []
    if before and not read.own and (kept := before.said.values["notes"]) and kept != notes:
        lines = [str(kept), *(line for line in lines if line not in str(kept))]
    for one in read.questions:
        if answers.get(one.field) == "":
            what = BY_NAME[one.field].label if one.field in BY_NAME else own_columns.BY_NAME[one.field].label
            line = f"{LEFT_OPEN}: {what}: {one.sentence}"
            lines += [line] if line not in "\n".join(lines) else []
    return "\n".join(lines) or None


def _checked(made: Said, asked: list[AskedOf]) -> Said | None:
    try:
        return said_of.checked(made)
    except Invalid as refusal:
        known = {one.field for one in asked}
        asked += [AskedOf(name, NOT_KEPT, sentence) for name, sentence in refusal.fields.items() if name not in known]
        return None
