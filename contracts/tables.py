"""What contracts say, whom they cover, extensions and their dates as days go by; service calendars.

The tables that several rooms read.
"""

from piccolo.columns import UUID, BigInt, Boolean, Date, Text, Timestamptz
from piccolo.table import Table


class Contract(Table, tablename="contracts_contract"):
    """A school's, or a trust's for schools of its own. What it says is one column each: fields/contract_fields.py."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    supplier = UUID(default=None, null=True)  # null: only the name on the contract is known
    title = Text(default=None, null=False)
    description = Text(default=None, null=True)
    category = Text(default=None, null=True)
    supplier_name = Text(default=None, null=True)
    form = Text(default=None, null=True)
    reference = Text(default=None, null=True)
    ledger_reference = Text(default=None, null=True)
    site = Text(default=None, null=True)
    is_joint = Boolean(default=None, null=True)
    notes = Text(default=None, null=True)
    officer = Text(default=None, null=True)
    deputy = Text(default=None, null=True)
    budget_holder = Text(default=None, null=True)
    account_manager = Text(default=None, null=True)
    account_manager_contact = Text(default=None, null=True)
    starts_on = Date(default=None, null=True)
    term = Text(default=None, null=True)  # canonical JSON
    ends_on = Date(default=None, null=True)
    renewal = Text(default=None, null=True)
    roll = Text(default=None, null=True)  # canonical JSON
    most_rolls = BigInt(default=None, null=True)
    notice = Text(default=None, null=True)  # canonical JSON
    receipt = Text(default=None, null=True)
    method = Text(default=None, null=True)
    deemed = Text(default=None, null=True)  # canonical JSON
    lead = Text(default=None, null=True)  # canonical JSON
    nation = Text(default=None, null=True)
    notice_clause = Text(default=None, null=True)
    notice_address = Text(default=None, null=True)
    notice_form = Text(default=None, null=True)
    notice_signed_by = Text(default=None, null=True)
    break_clause = Text(default=None, null=True)  # canonical JSON
    exit_penalty = Text(default=None, null=True)
    annual_pence = BigInt(default=None, null=True)
    total_pence = BigInt(default=None, null=True)
    is_approximate = Boolean(default=None, null=True)
    price_schedule = Text(default=None, null=True)
    uplift = Text(default=None, null=True)
    is_price_confidential = Boolean(default=None, null=True)
    route = Text(default=None, null=True)
    framework_name = Text(default=None, null=True)
    quotes = BigInt(default=None, null=True)
    award_reason = Text(default=None, null=True)
    conflicts = Text(default=None, null=True)
    law = Text(default=None, null=True)
    has_kpis = Boolean(default=None, null=True)
    approved_by = Text(default=None, null=True)
    approved_on = Date(default=None, null=True)
    approval_limit_pence = BigInt(default=None, null=True)
    minute = Text(default=None, null=True)
    signed_by = Text(default=None, null=True)
    signed_on = Date(default=None, null=True)
    is_deed = Boolean(default=None, null=True)
    has_lease = Boolean(default=None, null=True)
    leased_asset = Text(default=None, null=True)
    lessor = Text(default=None, null=True)
    lease_payments = Text(default=None, null=True)
    lease_consent = Text(default=None, null=True)
    service_hours = Text(default=None, null=True)
    credit_rule = Text(default=None, null=True)
    reviewed = Text(default=None, null=True)
    review_due_on = Date(default=None, null=True)
    needs_data_agreement = Boolean(default=None, null=True)
    is_confidential = Boolean(default=None, null=True)
    exit_plan = Text(default=None, null=True)
    handover = Text(default=None, null=True)
    data_return = Text(default=None, null=True)
    lessons = Text(default=None, null=True)
    is_draft = Boolean(default=False, null=False)
    notice_given_on = Date(default=None, null=True)  # the day on which the supplier received ours
    ceased_on = Date(default=None, null=True)  # a person said that it ended, whatever its dates
    open_questions = BigInt(default=0, null=False)  # how many of fields/questions.py, counted at each change
    days_moved = BigInt(default=0, null=False)  # how often a change of what it says, or of the terms, moved its days
    days_moved_at = Timestamptz(default=None, null=True)  # the last time
    officer_person = UUID(default=None, null=True)  # who gets the letters; null: whoever keeps the school's contracts
    deputy_person = UUID(default=None, null=True)
    author = UUID(default=None, null=True)  # null: whoever runs the installation imported it
    audience = UUID(default=None, null=True)  # null: private
    version = BigInt(default=None, null=False)
    written_at = Timestamptz(default=None, null=False)
    revised_at = Timestamptz(default=None, null=True)
    revised_by = UUID(default=None, null=True)
    withdrawn_at = Timestamptz(default=None, null=True)
    hidden_at = Timestamptz(default=None, null=True)  # as a review's
    hidden_by = UUID(default=None, null=True)


class Covered(Table, tablename="contracts_covered"):
    """A school that a trust's contract serves. Its own school is covered without a row."""

    id = UUID(primary_key=True)
    contract = UUID(default=None, null=False)
    school = UUID(default=None, null=False)
    until_on = Date(default=None, null=True)  # the last day, where it left before the contract ended


class Extension(Table, tablename="contracts_extension"):
    """An option to go on, in the order in which they may be taken: by a length or to a day."""

    id = UUID(primary_key=True)
    contract = UUID(default=None, null=False)
    place = BigInt(default=None, null=False)  # from 1
    length = Text(default=None, null=True)  # canonical JSON of a period
    to_day = Date(default=None, null=True)
    is_taken = Boolean(default=False, null=False)
    decided_on = Date(default=None, null=True)
    decided_by = Text(default=None, null=True)
    minute = Text(default=None, null=True)


class DatesFrom(Table, tablename="contracts_dates_from"):
    """What follows from a contract's dates from a day on, until the next row's day: so that a list needs no clock and no job.

    Written whenever the contract or the terms that it counts in change, for some years ahead. In a row with a ``problem`` (a code
    of docs/reference/sla-rules.md) the days are not known.
    """

    id = UUID(primary_key=True)
    contract = UUID(default=None, null=False)
    school = UUID(default=None, null=True)  # whose the contract is
    from_day = Date(default=None, null=False)
    until_day = Date(default=None, null=True)  # the first day on which the row no longer holds; null: there is no later row
    state = Text(default=None, null=False)  # not_started | live | notice_given | ended
    current_end = Date(default=None, null=True)
    notice_received_by = Date(default=None, null=True)  # planned: the working day before
    words_received_by = Date(default=None, null=True)  # on the contract's own words
    send_by = Date(default=None, null=True)
    decide_by = Date(default=None, null=True)
    earliest_exit = Date(default=None, null=True)
    rolled = BigInt(default=None, null=False)
    is_missed = Boolean(default=False, null=False)  # the notice for the current end, on the contract's own words
    next_end = Date(default=None, null=True)  # once it was missed: the next chance, and by when to decide about it
    next_decide_by = Date(default=None, null=True)
    due = Date(default=None, null=False)  # Outlook.to_decide_by; date.max, which comes last, where there is none
    problem = Text(default=None, null=True)


class CalendarVersion(Table, tablename="contracts_calendar_version"):
    """A school's service calendar from a day on; never changed, so that an old event is judged by the one of its day.

    Only the name of a term is erased: the row goes and comes again under another name of the term (contracts/texts).
    ``data`` is a SchoolCalendar of clock/school_calendar.py. A trust's is its schools' too, but for what they saved themselves:
    register/stored_calendars.py puts both together.
    """

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    version = BigInt(default=None, null=False)  # from 1: in which order the school saved them
    from_day = Date(default=None, null=False)
    data = Text(default=None, null=False)  # canonical JSON
    made_by = UUID(default=None, null=False)
    made_at = Timestamptz(default=None, null=False)


TABLES = (
    Contract,
    Covered,
    Extension,
    DatesFrom,
    CalendarVersion,
)
