"""Parts of a report from the contract itself, its money and the records of its meetings. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from base.words import count, in_words
from contracts.attainment.figures import Figure
from contracts.fields import pounds
from contracts.fields.contract_fields import FIELDS, Part
from contracts.fields.wording import shown
from contracts.improvement.crediting import COUNTED, STATE_WORDS
from contracts.judging.kinds import Side
from contracts.promises.kinds import EventKind
from contracts.review.gathered import Gathered
from contracts.review.report import Cell, Edition, ReportSection
from contracts.review.stored import AgreedAction, HeldMeeting
from contracts.review.topics import TOPICS, Topic

_DECIDED: Final = next(one for one in TOPICS if one.name == "decided")
SIDES: Final = {Side.SCHOOL: "The school", Side.SUPPLIER: "The supplier"}
NOT_KNOWN: Final = "not_known"
NOTHING_MISSING: Final = "Nothing that we know of."
AGENDA: Final = (
    "Actions from last time",
    "Staffing",
    "How the service did, promise by promise",
    "What is disputed",
    "Money: prices, credits, invoices",
    "Safeguarding letters and insurance",
    "Training and changes ahead",
    "Any other business",
    "Actions, and the day of the next review",
)


def agenda(_: Gathered, __: Edition) -> ReportSection:
    return ReportSection("agenda", "Agenda", rows=tuple(enumerate(AGENDA, 1)), headings=("No.", "What we talk about"))


def actions(found: Gathered, edition: Edition) -> ReportSection:
    """What is open from any meeting, and what was done in these days."""
    listed = [
        one for one in found.reviews.actions if one.done_on is None or one.done_on >= found.first
    ]  # fmt: skip
    rows = tuple(_action(found, one, edition) for one in listed)
    overdue = sum(one.is_overdue(found.today) for one in listed)
    done = sum(one.done_on is not None for one in listed)
    lines = (f"{count(len(rows), 'action')}: {done} done, {overdue} overdue.",) if rows else ()
    return ReportSection("actions", "Actions from last time", lines, ("What", "Who", "Side", "By", "How it stands", "Note"), rows)


def meetings(found: Gathered, edition: Edition) -> ReportSection:
    """When the two sides met, and who was there; the supplier reads no name of ours."""
    rows = [
        (in_words(one.held_on), "The school" if edition is Edition.MEETING else one.ours, one.theirs)
        for one in _in_the_days(found)
    ]  # fmt: skip
    return ReportSection("meetings", "Meetings", (), ("Day", "For the school", "For the supplier"), tuple(rows))


def topic(one: Topic, found: Gathered) -> ReportSection:
    rows = tuple((in_words(each.held_on), each.words[one.name]) for each in _in_the_days(found) if one.name in each.words)
    return ReportSection(one.name, one.label, (), ("Said on", "What"), rows)


def shared_topics(found: Gathered, _: Edition) -> Iterator[ReportSection]:
    return (topic(one, found) for one in TOPICS if one.is_shared)


def all_topics(found: Gathered, edition: Edition) -> Iterator[ReportSection]:
    return (decided(found, edition) if one is _DECIDED else topic(one, found) for one in TOPICS)


def decided(found: Gathered, _: Edition) -> ReportSection:
    """What was decided about its end, and what a meeting wrote down as decided: the latest first."""
    rows = [
        (in_words(one.decided_on), ". ".join(part for part in (one.choice.words, one.reason, _minute(one.minute)) if part))
        for one in found.decisions
    ]
    said = topic(_DECIDED, found)
    return replace(said, rows=(*rows, *said.rows))


def credits_(found: Gathered, _: Edition) -> ReportSection:
    """What the supplier owes for breaches, by period, and what the contract says of it."""
    metrics = {one.metric for one in found.metrics.versions if one.is_about_credits}
    rows = [
        (one.name, period.label, _due_and_received(period.figure))
        for one in found.promises
        if one.metric in metrics
        for period in one.periods
    ]
    named = {one.metric: one.name for one in found.promises}
    for credit in found.credits:
        when = "; ".join(f"{STATE_WORDS[state]} {in_words(day)}" for state, day in credit.days.items())
        rows.append(
            (named.get(credit.metric, "The contract") if credit.metric else "The contract", when, pounds.shown(credit.pence))
        )
    rule = found.contract.values.get("credit_rule")
    lines = (*((f"The contract says: {rule}",) if rule else ()), *((COUNTED,) if metrics and found.credits else ()))
    return ReportSection("credits", "Service credits", lines, ("For", "When", "Sum"), tuple(rows))


def _due_and_received(figure: Figure) -> str:
    """What the breaches of a period come to, and what was written down as given for them."""
    if figure.target is None or figure.measured is None:
        return "Not recorded"
    return f"{pounds.shown(round(figure.target))} due, {pounds.shown(round(figure.measured))} received"


def price(found: Gathered, _: Edition) -> ReportSection:
    """The contract's price, and what was written down as paid or charged in these days."""
    rows: list[tuple[Cell, ...]] = [
        (one.label, shown(one, found.contract.values.get(one.name)))
        for one in FIELDS
        if one.name in ("annual_pence", "total_pence", "price_schedule", "uplift")
        and found.contract.values.get(one.name) is not None
    ]
    sums = [event.job.said.get("pence", 0) for event in found.of_kind(EventKind.MONEY)]
    if sums:
        rows.append(("Sums written down in these days", f"{pounds.shown(sum(sums))} in {count(len(sums), 'sum')}"))
    return ReportSection("price", "Price against the contract", (), ("What", "How much"), tuple(rows))


def variations(found: Gathered, _: Edition) -> ReportSection:
    rows = tuple(
        (
            in_words(one.agreed_on),
            one.what,
            _pounds(one.annual_before_pence),
            _pounds(one.annual_pence),
            in_words(one.new_end) if one.new_end else "",
        )
        for one in found.variations
    )
    headings = ("Agreed on", "What", "A year before", "A year since", "New end")
    return ReportSection("variations", "Variations", () if rows else ("None is recorded.",), headings, rows)


def ahead(found: Gathered, edition: Edition) -> ReportSection:
    """The days to come. The supplier reads when it ends and when we meet, not by when we decide."""
    said = [one for one in found.contract.days if one[1] >= found.today]
    days = [(day, what) for name, day, what in said if edition is not Edition.MEETING or name == "current_end"]
    if edition is Edition.MEETING:
        days = [(day, "Last day of the contract as it stands") for day, _ in days]
    due = found.contract.values.get("review_due_on")
    review = due if due and due >= found.today else None
    meetings_ahead = [one.next_on for one in found.reviews.meetings if one.next_on and one.next_on >= found.today]
    days += [(day, "Contract review meeting") for day in {*meetings_ahead, *([review] if review else [])}]
    days += [(one.due_on, f"Action: {one.what}") for one in found.reviews.open_actions if one.due_on >= found.today]
    rows = tuple((in_words(day), what) for day, what in sorted(days))
    return ReportSection("ahead", "Dates ahead", (), ("Day", "What"), rows)


def award(found: Gathered, _: Edition) -> ReportSection:
    return _fields(found, "award", "How it was awarded", Part.ROUTE, Part.SIGNING)


def at_its_end(found: Gathered, _: Edition) -> ReportSection:
    return _fields(found, "exit", "Exit plan, handover and lessons", Part.END)


def register_notes(found: Gathered, _: Edition) -> ReportSection:
    said = found.contract.values.get("notes")
    return ReportSection("register_notes", "Notes in the register", (str(said),) if said else ())


def not_known(found: Gathered, edition: Edition) -> ReportSection:
    """What a reader can't learn from this pack, because nobody wrote it down."""
    missing = sum(period.figure.missing for one in found.promises for period in one.periods)
    lines = [f"{count(missing, 'result')} not recorded by us: nothing that is missing counts as met."] if missing else []
    lines += [
        f"No figure for “{one.name}”: {period.problem}" for one in found.promises for period in one.periods if period.problem
    ]
    if not found.promises:
        lines.append("What the contract promises is not written down.")
    if edition is not Edition.MEETING:
        lines += found.contract.questions
    return ReportSection(NOT_KNOWN, "What is missing", tuple(lines))


def verify(_: Gathered, edition: Edition) -> ReportSection:
    lines = [
        "A copy for reading: anybody could have typed it. The PDF, Excel, CSV and JSON files of one pack have the same figures.",
        "Making a pack is an entry in the school's trail, under the contract, with the SHA-256 of each file.",
    ]
    lines.append(
        "audit-pack.zip beside this file proves what was recorded: check it on the page /verify of any Vouch, or without one, "
        "with the file vouch_verify.py."
        if edition is Edition.FILE
        else "Ask the school for an audit pack of this contract: it proves itself, without an account."
    )
    return ReportSection("verify", "How to check this", tuple(lines))


def _action(found: Gathered, one: AgreedAction, edition: Edition) -> tuple[Cell, ...]:
    stands = f"Done on {in_words(one.done_on)}" if one.done_on else "Overdue" if one.is_overdue(found.today) else "Open"
    ours = one.side is Side.SCHOOL and edition is Edition.MEETING
    note = "" if edition is Edition.MEETING else one.note
    return one.what, "The school" if ours else one.owner, SIDES[one.side], in_words(one.due_on), stands, note


def _minute(reference: str) -> str:
    return f"Minute {reference}" if reference else ""


def _pounds(pence: int | None) -> str:
    return pounds.shown(pence) if pence is not None else ""


def _in_the_days(found: Gathered) -> tuple[HeldMeeting, ...]:
    return tuple(one for one in found.reviews.meetings if found.first <= one.held_on <= found.last)


def _fields(found: Gathered, name: str, title: str, *parts: Part) -> ReportSection:
    rows = tuple(
        (one.label, shown(one, found.contract.values.get(one.name)) or "Not recorded") for one in FIELDS if one.part in parts
    )
    return ReportSection(name, title, (), ("What", "What is recorded"), rows)
