"""What contracts say, whom they cover, extensions, their dates as days go by and what happened to them since; service calendars.

The tables that several rooms read.
"""

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Date, Text, Timestamptz
from piccolo.table import Table


class Contract(Table, tablename="contracts_contract"):
    """A school's, or a trust's for schools of its own. What it says is one column each: register/contract_fields.py."""

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
    open_questions = BigInt(default=0, null=False)  # how many of register/questions.py, counted at each change
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
    due = Date(default=None, null=False)  # next_decide_by, else decide_by; date.max, which comes last, where there is neither
    problem = Text(default=None, null=True)


class Variation(Table, tablename="contracts_variation"):
    """A change that both sides agreed to while the contract ran: what it was, and the price or end that it gave."""

    id = UUID(primary_key=True)
    contract = UUID(default=None, null=False)
    agreed_on = Date(default=None, null=False)
    what = Text(default=None, null=False)
    agreed_by = Text(default=None, null=True)
    supplier_agreed_by = Text(default=None, null=True)
    annual_before_pence = BigInt(default=None, null=True)
    annual_pence = BigInt(default=None, null=True)  # null: the price stayed
    end_before = Date(default=None, null=True)
    new_end = Date(default=None, null=True)  # null: the end stayed
    author = UUID(default=None, null=False)
    written_at = Timestamptz(default=None, null=False)


class Link(Table, tablename="contracts_link"):
    """Two contracts of one owner that belong together: ``kind`` together (neither is useful alone), or ``one`` a call-off of
    the framework ``other``.
    """

    id = UUID(primary_key=True)
    one = UUID(default=None, null=False)
    other = UUID(default=None, null=False)
    kind = Text(default=None, null=False)
    linked_by = UUID(default=None, null=False)
    linked_at = Timestamptz(default=None, null=False)
    ended_by = UUID(default=None, null=True)
    ended_at = Timestamptz(default=None, null=True)


class Sending(Table, tablename="contracts_sending"):
    """That notice was sent, as somebody here remembers it: the proof for the day on which the supplier says that none came."""

    id = UUID(primary_key=True)
    contract = UUID(default=None, null=False)
    sent_on = Date(default=None, null=False)
    how = Text(default=None, null=False)  # a method of contracts/clock/notice.py
    to_end_on = Date(default=None, null=True)
    sent_to = Text(default=None, null=True)
    note = Text(default=None, null=True)
    author = UUID(default=None, null=False)
    written_at = Timestamptz(default=None, null=False)


class CalendarVersion(Table, tablename="contracts_calendar_version"):
    """A school's service calendar as it stands from a day on; append-only, so that an old event is judged by the one of its day.

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


class Document(Table, tablename="contracts_document"):
    """A document of a contract, in the database so that it commits, and is backed up, with it."""

    id = UUID(primary_key=True)
    contract = UUID(default=None, null=False)
    school = UUID(default=None, null=False)
    kind = Text(default=None, null=False)  # a DocumentKind of documents/kinds.py
    expires_on = Date(default=None, null=True)  # the last day on which it holds
    filename = Text(default=None, null=False)
    media_type = Text(default=None, null=False)
    digest = Bytea(default=None, null=False)  # SHA-256
    size = BigInt(default=None, null=False)
    data = Bytea(default=None, null=False)
    author = UUID(default=None, null=False)
    added_at = Timestamptz(default=None, null=False)
    hidden_at = Timestamptz(default=None, null=True)
    hidden_by = UUID(default=None, null=True)
    corrections = BigInt(default=0, null=False)  # how often it was said anew what it is and when it runs out
    corrected_at = Timestamptz(default=None, null=True)  # the last time


class Decision(Table, tablename="contracts_decision"):
    """What a school will do when a contract ends; the latest about an end counts. Words may be erased, nothing else changes."""

    id = UUID(primary_key=True)
    contract = UUID(default=None, null=False)
    choice = Text(default=None, null=False)  # a Choice of reminders/decisions.py
    end_on = Date(default=None, null=True)  # the end that it is about, as it stood then
    decide_by = Date(default=None, null=True)  # as it stood then
    decided_on = Date(default=None, null=False)
    reason = Text(default=None, null=True)
    minute = Text(default=None, null=True)
    author = UUID(default=None, null=False)
    recorded_at = Timestamptz(default=None, null=False)


class GovernorQuestion(Table, tablename="contracts_question"):
    """What a governor asked about a contract, and what was answered, when and in which minute."""

    id = UUID(primary_key=True)
    contract = UUID(default=None, null=False)
    school = UUID(default=None, null=False)  # where it was asked: the contract's, or one that it covers
    question = Text(default=None, null=False)
    asked_by = UUID(default=None, null=False)
    asked_at = Timestamptz(default=None, null=False)
    answer = Text(default=None, null=True)
    minute = Text(default=None, null=True)
    answered_on = Date(default=None, null=True)
    answered_by = UUID(default=None, null=True)
    answered_at = Timestamptz(default=None, null=True)


class ServiceVersion(Table, tablename="contracts_service_version"):
    """How often what a contract's attainment rests on has changed: its metrics, what happened, what was agreed, the calendar.

    Written in each unit that changes one of these; a figure that was kept for an older version is reckoned anew.
    """

    contract = UUID(primary_key=True)
    version = BigInt(default=None, null=False)


class Meeting(Table, tablename="contracts_meeting"):
    """A record of a contract review meeting. A correction is a row that ``corrects`` another; ``meeting`` is the first row's id.

    What can be said is one column each: review/topics.py.
    """

    id = UUID(primary_key=True)
    meeting = UUID(default=None, null=False)
    contract = UUID(default=None, null=False)
    held_on = Date(default=None, null=False)
    next_on = Date(default=None, null=True)
    ours = Text(default=None, null=True)  # who was there for the school, and for the supplier
    theirs = Text(default=None, null=True)
    agreed = Text(default=None, null=True)
    decided = Text(default=None, null=True)
    went_well = Text(default=None, null=True)
    complaints = Text(default=None, null=True)
    staffing = Text(default=None, null=True)
    accidents = Text(default=None, null=True)
    invoices = Text(default=None, null=True)
    supplier_words = Text(default=None, null=True)
    changes = Text(default=None, null=True)
    notes = Text(default=None, null=True)
    corrects = UUID(default=None, null=True)
    author = UUID(default=None, null=False)
    recorded_at = Timestamptz(default=None, null=False)


class Action(Table, tablename="contracts_action"):
    """What somebody is to do until a day, as a meeting agreed; ``note`` says how it was done."""

    id = UUID(primary_key=True)
    meeting = UUID(default=None, null=False)
    contract = UUID(default=None, null=False)
    what = Text(default=None, null=True)  # null: erased
    owner = Text(default=None, null=True)
    side = Text(default=None, null=False)  # school | supplier
    due_on = Date(default=None, null=False)
    done_on = Date(default=None, null=True)
    note = Text(default=None, null=True)
    author = UUID(default=None, null=False)
    recorded_at = Timestamptz(default=None, null=False)


class Words(Table, tablename="contracts_service_words"):
    """What somebody typed of what happened, beside the row of service_events/tables.py that it is ``about``: may be erased, never
    changed.
    """

    id = UUID(primary_key=True)
    about = UUID(default=None, null=False)
    contract = UUID(default=None, null=False)
    name = Text(default=None, null=False)
    words = Text(default=None, null=False)


TABLES = (
    Contract,
    Covered,
    Extension,
    DatesFrom,
    Variation,
    Link,
    Sending,
    CalendarVersion,
    Document,
    Decision,
    GovernorQuestion,
    ServiceVersion,
    Meeting,
    Action,
)
