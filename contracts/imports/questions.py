"""What a row asks, as inputs of a page: which input, its label and hint, what is filled in; and what came back, as answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from base.refusals import Invalid
from contracts.fields.contract_fields import Kind
from contracts.imports.rows import STATUSES
from contracts.register_rows.row_read import STATUS
from contracts.register_rows.shown_row import ShownRow
from contracts.register_rows.states import RowChoice
from contracts.sheets import own_columns, spelling
from contracts.sheets.own_columns import COVERS, EXTENSIONS, SUPPLIER
from web.pages.forms import Form

NOT_KNOWN: Final = ("", "Not known yet")
MOST_INLINE: Final = 8  # questions of a row in a list; one with more has a page to itself
_HINTS: Final[Mapping[str, str]] = {
    EXTENSIONS: "For example, 12 months; to 31/08/2030 (taken)",
    COVERS: "Names or URNs, with “;” between them",
    "notice": "For example, 3 months, 1 term, 30 clear days, or by 31 December",
    "roll": "For example, 1 year",
    "term": "For example, 3 years",
}
_INPUTS: Final[Mapping[Kind, str]] = {
    Kind.DAY: "day", Kind.CHOICE: "select", Kind.YES_NO: "select", Kind.PENCE: "pounds", Kind.PROSE: "area",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """``name`` of the input; ``sentences`` are what is asked; ``kind`` is day, select, pounds, area or text."""

    field: str
    name: str
    label: str
    sentences: Sequence[str]
    kind: str
    hint: str
    options: Sequence[tuple[str, str]] = ()


def of_row(row: ShownRow) -> list[Question]:
    sentences: dict[str, list[str]] = {}
    for one in row.asked:
        sentences.setdefault(one.field, []).append(one.sentence)
    return [_question(row.inputs, name, said) for name, said in sentences.items()]


def filled_in(row: ShownRow) -> dict[str, str]:
    """What Vouch proposes, by the names of the inputs."""
    found: dict[str, str] = {f"{row.inputs}-choice": row.choice}
    for one in of_row(row):
        text = _proposed(row, one.field)
        if one.kind == "day":
            parts = text.split("/") if text.count("/") == 2 else ["", "", ""]
            found |= {f"{one.name}-{box}": part for box, part in zip(("day", "month", "year"), parts, strict=True)}
        else:
            found[one.name] = _value_of(one.field, text)
    return found


def choices_of(row: ShownRow) -> list[tuple[str, str]]:
    """What may be said of the row as a whole."""
    change = [(RowChoice.CHANGE.value, "Change the one in our register")] if row.twin else []
    add = [(RowChoice.ADD.value, "Add it as another contract")]
    return [*change, *add, (RowChoice.LEAVE_OUT.value, "Leave this row out")]


def answers(form: Form, row: ShownRow) -> tuple[dict[str, str], str]:
    """The answers that were given, by field, and the choice. Raises Invalid that names the input of what can't be read."""
    prefix = row.inputs
    choice = form.text(f"{prefix}-choice", row.choice)
    if form.text(f"{prefix}-out") == "yes":
        return {}, RowChoice.LEAVE_OUT.value
    knows_no_more = form.text(f"{prefix}-unknown") == "yes"
    found = {}
    for one in of_row(row):
        text = _typed(form, one)
        if text or knows_no_more:
            found[one.field] = text
    return found, "" if choice == RowChoice.LEAVE_OUT and not row.is_asked_about else choice


def at_inputs(row: ShownRow, refusal: Invalid) -> dict[str, str]:
    """The sentences of a refusal by the names of the inputs."""
    return {f"{row.inputs}-{name}": sentence for name, sentence in refusal.fields.items()}


def _typed(form: Form, one: Question) -> str:
    if one.kind == "day":
        found = form.day(one.name)
        return spelling.day(found) if found else ""
    return form.text(one.name).strip()


def _question(prefix: str, name: str, sentences: Sequence[str]) -> Question:
    if name == STATUS:
        return Question(name, f"{prefix}-{name}", "How it stands", sentences, "select", "", (NOT_KNOWN, *STATUSES.items()))
    one = own_columns.BY_NAME[name]
    kind = _INPUTS.get(one.kind, "text") if name not in (EXTENSIONS, COVERS, SUPPLIER) else "text"
    options: tuple[Any, ...] = ()
    if one.kind is Kind.CHOICE:
        options = (NOT_KNOWN, *spelling.choices(one).items())
    elif one.kind is Kind.YES_NO:
        options = (NOT_KNOWN, ("Yes", "Yes"), ("No", "No"))
    return Question(name, f"{prefix}-{name}", one.label, sentences, kind, _HINTS.get(name, ""), options)


def _proposed(row: ShownRow, name: str) -> str:
    return "; ".join(row.schools) if name == COVERS else row.texts.get(name, "")


def _value_of(name: str, text: str) -> str:
    """Of a list, the value that its words stand for."""
    one = own_columns.BY_NAME.get(name)
    if one is None or one.kind is not Kind.CHOICE or not text:
        return text
    try:
        return str(spelling.read(one, text) or "")
    except Invalid:
        return ""
