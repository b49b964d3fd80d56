"""The register of contracts: what each says, the schools it covers, its extensions, and its dates as days go by."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "contracts_0001"
VERSION = "1.38.0"
DESCRIPTION = "register of contracts"

SAID: Final = """{text:title:200}, {text:description:10000:null}, {text:category:60:null},
        {text:supplier_name:200:null}, {text:form:60:null}, {text:reference:200:null},
        {text:ledger_reference:200:null}, {text:site:200:null}, is_joint BOOLEAN, {text:notes:10000:null},
        {text:officer:200:null}, {text:deputy:200:null}, {text:budget_holder:200:null},
        {text:account_manager:200:null}, {text:account_manager_contact:200:null}, starts_on DATE,
        {text:term:2000:null}, ends_on DATE, {text:renewal:60:null}, {text:roll:2000:null},
        most_rolls BIGINT CHECK (most_rolls BETWEEN 0 AND 1000), {text:notice:2000:null},
        {text:receipt:60:null}, {text:method:60:null}, {text:deemed:2000:null}, {text:lead:2000:null},
        {text:nation:60:null}, {text:notice_clause:200:null}, {text:notice_address:200:null},
        {text:notice_form:200:null}, {text:notice_signed_by:200:null}, {text:break_clause:2000:null},
        {text:exit_penalty:200:null}, annual_pence BIGINT CHECK (annual_pence BETWEEN 0 AND 100000000000),
        total_pence BIGINT CHECK (total_pence BETWEEN 0 AND 100000000000), is_approximate BOOLEAN,
        {text:price_schedule:200:null}, {text:uplift:200:null}, is_price_confidential BOOLEAN,
        {text:route:60:null}, {text:framework_name:200:null},
        quotes BIGINT CHECK (quotes BETWEEN 0 AND 1000), {text:award_reason:10000:null},
        {text:conflicts:10000:null}, {text:law:60:null}, has_kpis BOOLEAN, {text:approved_by:200:null},
        approved_on DATE,
        approval_limit_pence BIGINT CHECK (approval_limit_pence BETWEEN 0 AND 100000000000),
        {text:minute:200:null}, {text:signed_by:200:null}, signed_on DATE, is_deed BOOLEAN,
        has_lease BOOLEAN, {text:leased_asset:200:null}, {text:lessor:200:null},
        {text:lease_payments:200:null}, {text:lease_consent:200:null}, {text:service_hours:200:null},
        {text:credit_rule:200:null}, {text:reviewed:60:null}, review_due_on DATE,
        needs_data_agreement BOOLEAN, is_confidential BOOLEAN, {text:exit_plan:10000:null},
        {text:handover:10000:null}, {text:data_return:10000:null}, {text:lessons:10000:null}"""

BOTH: Final = (
    f"""CREATE TABLE contracts_contract (
        id UUID PRIMARY KEY NOT NULL, school UUID NOT NULL REFERENCES sharing_school(id),
        supplier UUID REFERENCES suppliers_supplier(id), {SAID},
        is_draft BOOLEAN NOT NULL, notice_given_on DATE, ceased_on DATE,
        officer_person UUID REFERENCES sharing_person(id), deputy_person UUID REFERENCES sharing_person(id),
        author UUID NOT NULL REFERENCES sharing_person(id), audience UUID REFERENCES sharing_audience(id),
        version BIGINT NOT NULL CHECK (version >= 1), written_at TIMESTAMPTZ NOT NULL,
        revised_at TIMESTAMPTZ, revised_by UUID REFERENCES sharing_person(id), withdrawn_at TIMESTAMPTZ,
        hidden_at TIMESTAMPTZ, hidden_by UUID REFERENCES sharing_person(id))""",
    "CREATE INDEX contracts_contract_school ON contracts_contract (school)",
    "CREATE INDEX contracts_contract_supplier ON contracts_contract (supplier)",
    "CREATE INDEX contracts_contract_audience ON contracts_contract (audience)",
    """CREATE TABLE contracts_covered (
        id UUID PRIMARY KEY NOT NULL, contract UUID NOT NULL REFERENCES contracts_contract(id),
        school UUID NOT NULL REFERENCES sharing_school(id), until_on DATE)""",
    "CREATE UNIQUE INDEX contracts_covered_once ON contracts_covered (contract, school)",
    "CREATE INDEX contracts_covered_school ON contracts_covered (school)",
    """CREATE TABLE contracts_extension (
        id UUID PRIMARY KEY NOT NULL, contract UUID NOT NULL REFERENCES contracts_contract(id),
        place BIGINT NOT NULL CHECK (place BETWEEN 1 AND 10), {text:length:200:null}, to_day DATE, is_taken BOOLEAN NOT NULL,
        decided_on DATE, {text:minute:200:null},
        CONSTRAINT an_extension_has_a_length_or_a_day CHECK ((length IS NULL) <> (to_day IS NULL)))""",
    "CREATE UNIQUE INDEX contracts_extension_place ON contracts_extension (contract, place)",
    """CREATE TABLE contracts_dates_from (
        id UUID PRIMARY KEY NOT NULL, contract UUID NOT NULL REFERENCES contracts_contract(id), from_day DATE NOT NULL,
        until_day DATE, state TEXT NOT NULL CHECK (state IN ('not_started', 'live', 'notice_given', 'ended')),
        current_end DATE, notice_received_by DATE, words_received_by DATE, send_by DATE, decide_by DATE, earliest_exit DATE,
        rolled BIGINT NOT NULL, is_missed BOOLEAN NOT NULL, next_end DATE, next_decide_by DATE,
        {text:problem:60:null})""",
    "CREATE UNIQUE INDEX contracts_dates_from_day ON contracts_dates_from (contract, from_day)",
)
KEPT = ("contracts_contract",)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)
