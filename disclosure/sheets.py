"""A school's own records as tables: which columns, and what stands in a cell. Pure, over what was collected."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from base import clock
from base.spreadsheets.writing import Cell
from contracts.calendars.calendar_text import HEADINGS as CALENDAR_HEADINGS
from contracts.calendars.calendar_text import cells as calendar_cells
from contracts.documents.kinds import DocumentKind
from contracts.fields.contract_fields import BY_NAME
from contracts.promises.metric import as_json
from contracts.service_events import export as events_table
from contracts.sheets import row_spelt
from contracts.sheets.own_columns import CFR_LABEL, COLUMNS
from disclosure.beside import sheets as beside
from disclosure.collecting import Collected
from disclosure.record_format import EnquiryRecord, NoteRecord, ReaderRecord, Records, ReviewRecord, ShareRecord, SupplierRecord
from disclosure.record_parts import Table
from sharing.access.fields import GrantKind
from suppliers.matching.identifiers import Scheme
from suppliers.record import headings, taxonomy
from suppliers.record.criteria import Criterion
from suppliers.record.headings import System
from suppliers.record.labels import LABELS


class Part(StrEnum):
    """A list that can be taken by itself."""

    SUPPLIERS = "suppliers"
    REVIEWS = "reviews"
    NOTES = "notes"
    SHARES = "shares"
    CONTRACTS = "contracts"
    PROMISES = "promises"
    DOCUMENTS = "documents"
    CALENDARS = "calendars"
    HAPPENED = "happened"
    MEETINGS = "meetings"
    DECISIONS = "decisions"
    VARIATIONS = "variations"
    CONCERNS = "concerns"
    CREDITS = "credits"
    RATINGS = "ratings"
    QUESTIONS = "questions"
    LINKS = "links"
    NOTICES = "notices"
    DECIDING = "deciding"
    BUYING_RULES = "buying_rules"
    ENQUIRIES = "enquiries"
    ANSWERS = "answers"


TITLES: Final[Mapping[Part, str]] = {
    Part.SUPPLIERS: "Suppliers",
    Part.REVIEWS: "Reviews and vouches",
    Part.NOTES: "Notes",
    Part.SHARES: "Who sees what of ours",
    Part.CONTRACTS: "Contracts",
    Part.PROMISES: "What contracts promise",
    Part.DOCUMENTS: "Documents of contracts",
    Part.CALENDARS: "Our calendar",
    Part.HAPPENED: "What happened under contracts",
    Part.MEETINGS: "Meetings about contracts",
    Part.DECISIONS: "Decisions about contracts",
    Part.VARIATIONS: "Variations of contracts",
    Part.CONCERNS: "Formal concerns",
    Part.CREDITS: "Service credits",
    Part.RATINGS: "Performance ratings",
    Part.QUESTIONS: "Governors' questions",
    Part.LINKS: "Contracts that belong together",
    Part.NOTICES: "Notices that were sent",
    Part.DECIDING: "When we decide",
    Part.BUYING_RULES: "Our rules of buying",
    Part.ENQUIRIES: "What we asked other schools",
    Part.ANSWERS: "What we answered other schools",
}


CONTRACT_TITLE: Final = BY_NAME["title"].label  # of the list of contracts


def of(collected: Collected, part: Part) -> Table:
    return _TABLES[part](collected)


def _suppliers(collected: Collected) -> Table:
    numbers = (LABELS[scheme] for scheme in Scheme)
    columns = ("Supplier", "Also called", "Supplies", *numbers, "In use since", "In the directory", CFR_LABEL)
    return Table(columns, [_supplier(one) for one in collected.records.suppliers])


def _supplier(one: SupplierRecord) -> list[Cell]:
    needs = [taxonomy.by_slug()[slug].name for slug in one.categories if slug in taxonomy.by_slug()]
    numbers = ["; ".join(one.identifiers.get(scheme.value, ())) for scheme in Scheme]
    since = clock.day_of(one.in_use_since) if one.in_use_since else None
    cfr = dict.fromkeys(str(heading) for slug in one.categories for heading in headings.of(slug, System.CFR))
    return [one.name, "; ".join(one.aliases), "; ".join(needs), *numbers, since, _yes(one.listed), "; ".join(cfr)]


def _reviews(collected: Collected) -> Table:
    columns = (
        *("Supplier", "Rating", "Would use again", "What was good", "What could be better", "Declared interest"),
        *(one.words for one in Criterion),
        *("Extra questions", "How far it had come", "Evidence", "Used from", "Used until", "Written on"),
    )
    return Table(columns, [_review(one, collected.names) for one in collected.records.reviews])


def _review(one: ReviewRecord, names: Mapping[UUID, str]) -> list[Cell]:
    said = one.said
    again = None if said.would_use_again is None else _yes(said.would_use_again)
    texts: tuple[Cell, ...] = (said.praise, said.criticism, said.interest)
    answered = "; ".join(f"{label}: {answer}" for label, answer in said.extras_in_words.items())
    judged = [said.criteria.get(criterion) for criterion in Criterion]
    stage = said.stage.words if said.stage else None
    days: tuple[Cell, ...] = (said.used_from, said.used_until, clock.day_of(one.written_at))
    return [names[one.supplier], said.rating, again, *texts, *judged, answered, stage, said.evidence, *days]


def _notes(collected: Collected) -> Table:
    columns = ("Supplier", "About", "Happened on", "What it says", "Photos and files", "Written on")
    return Table(columns, [_note(one, collected.names) for one in collected.records.notes])


def _note(one: NoteRecord, names: Mapping[UUID, str]) -> list[Cell]:
    files = "; ".join(file.name for file in one.files)
    return [names[one.supplier], _ABOUT[one.about], one.happened_on, one.body, files, clock.day_of(one.written_at)]


_ABOUT: Final[Mapping[str, str]] = {"good": "Something good", "problem": "A problem", "record": "For the record"}


def _shares(collected: Collected) -> Table:
    of_what = {one.id: collected.names[one.supplier] for one in collected.records.reviews}
    of_what |= {one.id: collected.names[one.supplier] for one in collected.records.notes}
    of_what |= _titles(collected)
    return Table(("What", "Of", "Who can see what"), [_share(one, of_what) for one in collected.records.shares])


def _share(one: ShareRecord, of_what: Mapping[UUID, str]) -> list[Cell]:
    return [one.what.capitalize(), of_what.get(one.id), one.sentence]


def _contracts(collected: Collected) -> Table:
    """The columns of our own sheet, which an import of contracts takes again."""
    cells: Iterable[Mapping[str, str]] = (row_spelt.cells(one, {}) for one in collected.wholes)
    return Table([one.label for one in COLUMNS], [[row[one.name] for one in COLUMNS] for row in cells])


def _titles(collected: Collected) -> dict[UUID, str]:
    return {one.id: str(one.said.values["title"]) for one in collected.wholes}


def _promises(collected: Collected) -> Table:
    titles = _titles(collected)
    rows = [
        [titles[one.contract], one.name, one.kind, one.clause, as_json(one.terms), one.rules.to_json(), one.period, one.from_day,
         one.until_day]
        for one in collected.records.promises
    ]  # fmt: skip
    return Table(("Contract", "Promise", "Kind", "Clause", "Asks", "When its clock runs", "Judged by the", "From", "Until"), rows)


def _documents(collected: Collected) -> Table:
    titles = _titles(collected)
    rows = [
        [titles[one.contract], one.file.name, DocumentKind(one.kind).words, one.begins_on, one.expires_on,
         clock.day_of(one.added_at)]
        for one in collected.records.documents
    ]  # fmt: skip
    return Table(("Contract", "File", "What it is", "Holds from", "Runs out on", "Added on"), rows)


def _calendars(collected: Collected) -> Table:
    """A version in a row, as the form of the calendar spells it."""
    rows: list[list[Cell]] = [[one.from_day, *calendar_cells(one.calendar)] for one in collected.records.calendars]
    return Table(("From", *CALENDAR_HEADINGS), rows)


def _happened(collected: Collected) -> Table:
    rows = [[str(contract.said.values["title"]), *events_table.row(view)] for contract, view in collected.events]
    return Table(("Contract", *events_table.HEADINGS), rows)


def _enquiries(collected: Collected) -> Table:
    columns = ("Supplier", "Need", "What was asked", "Asked of", "How many schools", "Asked on", "Open until", "Closed on")
    return Table(columns, [_enquiry(one, collected.names) for one in collected.records.enquiries])


def _enquiry(one: EnquiryRecord, names: Mapping[UUID, str]) -> list[Cell]:
    category = taxonomy.by_slug().get(one.category or "")
    about: tuple[Cell, ...] = (names[one.supplier] if one.supplier else None, category.name if category else one.category)
    closed = clock.day_of(one.closed_at) if one.closed_at else None
    return [*about, one.words, _asked_of(one.to), one.schools, clock.day_of(one.asked_at), clock.day_of(one.closes_at), closed]


def _asked_of(to: ReaderRecord) -> str | None:
    if to.kind == GrantKind.NETWORK:
        return to.network_name
    return f"Schools within {to.miles} miles of ours" if to.kind == GrantKind.NEAR else "The schools connected to ours"


def _answers(collected: Collected) -> Table:
    found = collected.records.answers
    rows = [[one.asked_by.name, _ANSWERED[one.answers_with], one.supplier, clock.day_of(one.answered_at)] for one in found]
    return Table(("School that asked", "Our answer", "Supplier", "Answered on"), rows)


_ANSWERED: Final[Mapping[str, str]] = {
    "vouch": "A vouch",
    "review": "A review",
    "supplier": "Only a name",
    "nothing": "Can't help",
}


def _beside(made: Callable[[Records, Mapping[UUID, str]], Table]) -> Callable[[Collected], Table]:
    return lambda collected: made(collected.records, _titles(collected))


def _yes(said: bool) -> str:
    return "Yes" if said else "No"


_TABLES: Final[Mapping[Part, Callable[[Any], Table]]] = {
    Part.SUPPLIERS: _suppliers,
    Part.REVIEWS: _reviews,
    Part.NOTES: _notes,
    Part.SHARES: _shares,
    Part.CONTRACTS: _contracts,
    Part.PROMISES: _promises,
    Part.DOCUMENTS: _documents,
    Part.CALENDARS: _calendars,
    Part.HAPPENED: _happened,
    Part.MEETINGS: _beside(beside.meetings),
    Part.DECISIONS: _beside(beside.decisions),
    Part.VARIATIONS: _beside(beside.variations),
    Part.CONCERNS: _beside(beside.concerns),
    Part.CREDITS: _beside(beside.credits_),
    Part.RATINGS: _beside(beside.ratings),
    Part.QUESTIONS: _beside(beside.questions),
    Part.LINKS: _beside(beside.links),
    Part.NOTICES: _beside(beside.notices),
    Part.DECIDING: _beside(beside.deciding),
    Part.BUYING_RULES: _beside(beside.buying_rules),
    Part.ENQUIRIES: _enquiries,
    Part.ANSWERS: _answers,
}
