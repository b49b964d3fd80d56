"""Each column of text that contracts and letters have is looked through when a name is erased, or says why it holds no name."""

from typing import Final

import pytest
from piccolo.apps.migrations.tables import Migration

import database
from contracts.texts import texts
from privacy import blanking

pytestmark = pytest.mark.usefixtures("db")

# Looked through by other means than `texts`, or as JSON by it.
BY_OTHERS: Final = {
    "contracts_assessment.data": "in_json.py: words_of_rating",
    "contracts_calendar_version.data": "in_json.py: names_of_terms",
    "contracts_document.filename": "privacy/finds.py looks through files and their names",
    "contracts_service_photo.filename": "privacy/finds.py looks through files and their names",
}
ON_ITS_WAY_IN: Final = "contracts_import"  # a register: every erasure forgets the whole of it (contracts/imports: forget_all_of)
ONE_OF_A_FEW: Final = "one of a few words that the code knows"
PLAIN_FACT: Final = "a plain fact, which the trail keeps too and no erasure takes; the page counts those that say a name"
DATES: Final = "a length, a day or a rule of dates as JSON, which the form makes of numbers and choices"
NO_WORDS: Final = "numbers, days and ids as JSON"
EXEMPT: Final = {
    "contracts_attained.figures": NO_WORDS,
    "contracts_attained.said": ONE_OF_A_FEW,
    "contracts_buying_rules.data": NO_WORDS,
    "contracts_concern_step.kind": ONE_OF_A_FEW,
    "contracts_concern_step.outcome": ONE_OF_A_FEW,
    "contracts_contract.break_clause": DATES,
    "contracts_contract.category": ONE_OF_A_FEW,
    "contracts_contract.deemed": DATES,
    "contracts_contract.form": ONE_OF_A_FEW,
    "contracts_contract.law": ONE_OF_A_FEW,
    "contracts_contract.lead": DATES,
    "contracts_contract.method": ONE_OF_A_FEW,
    "contracts_contract.nation": ONE_OF_A_FEW,
    "contracts_contract.notice": DATES,
    "contracts_contract.receipt": ONE_OF_A_FEW,
    "contracts_contract.renewal": ONE_OF_A_FEW,
    "contracts_contract.reviewed": ONE_OF_A_FEW,
    "contracts_contract.roll": DATES,
    "contracts_contract.route": ONE_OF_A_FEW,
    "contracts_contract.term": DATES,
    "contracts_credit.state": ONE_OF_A_FEW,
    "contracts_dates_from.problem": ONE_OF_A_FEW,
    "contracts_dates_from.state": ONE_OF_A_FEW,
    "contracts_decision.choice": ONE_OF_A_FEW,
    "contracts_document.answers": PLAIN_FACT,
    "contracts_document.kind": ONE_OF_A_FEW,
    "contracts_document.media_type": ONE_OF_A_FEW,
    "contracts_extension.length": DATES,
    "contracts_link.kind": ONE_OF_A_FEW,
    "contracts_metric.clause": PLAIN_FACT,
    "contracts_metric.kind": ONE_OF_A_FEW,
    "contracts_metric.period": ONE_OF_A_FEW,
    "contracts_metric.rules": PLAIN_FACT,
    "contracts_metric.terms": PLAIN_FACT,
    "contracts_action.side": ONE_OF_A_FEW,
    "contracts_outcome.clause": PLAIN_FACT,
    "contracts_outcome.outcome": ONE_OF_A_FEW,
    "contracts_outcome.state": ONE_OF_A_FEW,
    "contracts_sending.how": ONE_OF_A_FEW,
    "contracts_service_event.claimed_by": ONE_OF_A_FEW,
    "contracts_service_event.job_number": PLAIN_FACT,
    "contracts_service_event.kind": ONE_OF_A_FEW,
    "contracts_service_event.priority": ONE_OF_A_FEW,
    "contracts_service_event.said": PLAIN_FACT,
    "contracts_service_event.told_how": ONE_OF_A_FEW,
    "contracts_service_photo.media_type": ONE_OF_A_FEW,
    "contracts_service_stamp.claimed_by": ONE_OF_A_FEW,
    "contracts_service_stamp.kind": ONE_OF_A_FEW,
    "contracts_service_stamp.priority": ONE_OF_A_FEW,
    "contracts_service_stamp.reason": ONE_OF_A_FEW,
    "contracts_service_words.name": "which box of a form it was typed in",
    "contracts_timing.meetings": NO_WORDS,
    "contracts_timing.months": NO_WORDS,
    "notices_choice.often": ONE_OF_A_FEW,
    "notices_lease.name": ONE_OF_A_FEW,
    "notices_letter.key": "a kind of letter, ids and a day",
    "notices_told.about": "the name of what it is about: ids",
    "notices_told.key": "a kind of letter, ids and a day",
    "notices_told.letter": "the key of a letter",
}


async def columns_of_text() -> set[str]:
    """As "table.column", from the database itself."""
    async with database.read():
        if database.is_postgres():
            rows = await Migration.raw(
                "SELECT table_name AS t, column_name AS c FROM information_schema.columns"
                " WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'json', 'jsonb')"
            )
        else:
            rows = await Migration.raw(
                "SELECT m.name AS t, c.name AS c FROM sqlite_master m, pragma_table_info(m.name) c"
                " WHERE m.type = 'table' AND upper(c.type) NOT IN ('UUID', 'DATE', 'TIMESTAMPTZ', 'BOOLEAN', 'BIGINT', 'INTEGER',"
                " 'DOUBLE PRECISION', 'BLOB', 'BYTEA')"
            )
    return {f"{row['t']}.{row['c']}" for row in rows if row["t"].startswith(("contracts_", "notices_"))}


def looked_through() -> set[str]:
    found = {f"contracts_contract.{name}" for name in texts.WORDS}
    found |= {f"{table._meta.tablename}.{name}" for table, names in texts.PARTS.values() for name in names}
    return found | BY_OTHERS.keys()


async def test_each_column_of_text_is_looked_through_or_says_why_it_holds_no_name() -> None:
    there = {one for one in await columns_of_text() if not one.startswith(ON_ITS_WAY_IN)}
    assert len(there) > 80
    assert sorted(there - looked_through() - EXEMPT.keys()) == []


async def test_no_reason_is_kept_for_what_is_not_there_or_is_looked_through() -> None:
    there = await columns_of_text()
    assert sorted(EXEMPT.keys() - there) == []
    assert sorted(EXEMPT.keys() & looked_through()) == []
    assert sorted(looked_through() - there) == []


async def test_what_is_looked_through_is_scrubbed_from_the_files_too() -> None:
    scrubbed = {table._meta.tablename for table in blanking.TABLES}
    assert sorted({one.partition(".")[0] for one in looked_through()} - scrubbed) == []
