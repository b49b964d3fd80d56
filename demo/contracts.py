"""The contracts of the demo town: Oakfold's register with what registers have, a trust's, and a few of its other schools.

Their days are reckoned from the day on which the town is built, so that the same things are always near, missed or far.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from contracts.clock.periods import last_day
from contracts.documents.kinds import DocumentKind
from contracts.fields.dates_asked import Extension
from demo.terms import school_year

YEAR: Final = {"n": 12, "unit": "months"}
THREE_MONTHS: Final = {"n": 3, "unit": "months"}
KEPT: Final = 300  # days ago: when Joanne brought Oakfold's register here


@dataclass(frozen=True, slots=True)
class DemoContract:
    """``firm`` is a key of suppliers.FIRMS, "" where only a name is known; ``promises`` are starter sets."""

    key: str
    school: str
    firm: str
    values: dict[str, Any]
    days_ago: int = KEPT
    extensions: tuple[Extension, ...] = ()
    covers: tuple[str, ...] = ()  # schools of the trust
    promises: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoDocument:
    days_ago: int
    contract: str
    name: str
    kind: DocumentKind
    lines: tuple[str, ...]
    runs_out_in: int | None = None  # days from today; below 0: it has


def every(today: date) -> tuple[DemoContract, ...]:
    return (*_oakfolds(today), *_others(today))


def _oakfolds(today: date) -> tuple[DemoContract, ...]:
    year = school_year(today)
    return (
        DemoContract("copiers", "oakfold", "copyright", promises=("print",), values=_signed(
            "Photocopiers: service and copies", "photocopiers", date(year - 2, 9, 1), date(year + 1, 8, 31), 486_000,
            renewal="rolls", roll=YEAR, notice=THREE_MONTHS, lead={"n": 2, "unit": "months"}, notice_clause="11.2",
            notice_address="Contracts, Mere Office Solutions Ltd, 4 Quay Road, Harrowmere", notice_form="In writing, signed",
            method="recorded", route="framework", framework_name="Harrowshire print framework", has_kpis=True,
            service_hours="08:00 to 17:00 on school days", credit_rule="5% of the quarter's charge for each engineer who is late",
            uplift="By 3.5% each September", reviewed="termly", reference="MOS-4471",
            account_manager="The schools team", account_manager_contact="schools@mereoffice.example",
        )),
        DemoContract("copier_lease", "oakfold", "copyright", values=_signed(
            "Photocopiers: lease of four machines", "photocopiers", date(year - 2, 12, 1), date(year + 1, 11, 30), 312_000,
            renewal="expires", has_lease=True, leased_asset="Four colour copiers, A3", lessor="Mere Asset Finance Ltd",
            lease_payments="£780 a quarter, in advance", lease_consent="Not needed: below the trust's limit",
        )),
        DemoContract("boilers", "oakfold", "caldbeck", promises=("energy",), values=_signed(
            "Boiler servicing and call-outs", "heating", _months_back(_soon(today), 24), _soon(today), 264_000,
            renewal="rolls", roll=YEAR, notice=THREE_MONTHS, notice_clause="9", method="email", route="quotes", quotes=3,
            notice_address="contracts@caldbeck-heating.example", officer="Site manager",
        )),
        DemoContract("grounds", "oakfold", "greensward", promises=("grounds",), values=_signed(
            "Grounds maintenance", "grounds-maintenance", date(year - 1, 4, 1), date(year + 1, 3, 31), 620_000,
            renewal="express", lead={"n": 3, "unit": "months"}, route="quotes", quotes=3, has_kpis=True, reviewed="termly",
            officer="Site manager",
        ), extensions=(Extension(length=YEAR), Extension(length=YEAR))),
        DemoContract("cleaning", "oakfold", "sparkle", promises=("cleaning",), values=_signed(
            "Cleaning", "cleaning", date(year - 1, 9, 1), date(year + 1, 8, 31), 2_184_000, renewal="rolls", roll=YEAR,
            notice={"n": 1, "unit": "terms"}, lead={"n": 3, "unit": "months"}, notice_clause="14.1", route="tender",
            reviewed="half_termly", service_hours="15:30 to 18:30 in term", has_kpis=True,
        )),
        DemoContract("ict", "oakfold", "northbyte", promises=("ict",), values=_signed(
            "ICT support", "ict-support", date(year - 1, 8, 1), date(year + 2, 7, 31), 948_000, renewal="expires",
            break_clause={"from": f"{year + 1}-08-01", "notice": {"n": 6, "unit": "months"}}, lead={"n": 6, "unit": "months"},
            route="framework", framework_name="Harrowshire ICT framework", needs_data_agreement=True, has_kpis=True,
            data_return="All accounts and backups within 30 days of the end",
        )),
        DemoContract("catering", "oakfold", "larder", promises=("catering",), values=_signed(
            "School meals", "catering", date(year - 1, 8, 1), date(year + 2, 7, 31), 7_425_000, renewal="express",
            notice={"n": 6, "unit": "months"}, lead={"n": 9, "unit": "months"}, route="tender", law="act_2023", has_kpis=True,
        )),
        DemoContract("water", "oakfold", "clearwell", days_ago=200, values=_signed(
            "Water hygiene", "legionella", _months_back(_missed(today), 36), _missed(today), 114_000, renewal="rolls", roll=YEAR,
            notice=THREE_MONTHS, notice_clause="7.3", route="direct_award", officer="Site manager",
        )),
        DemoContract("windows", "oakfold", "", days_ago=120, values={
            "title": "Window cleaning", "supplier_name": "Dave, who does the windows", "category": "window-cleaning",
            "annual_pence": 51_000, "is_approximate": True, "notes": "Every half-term, £85 a visit. No contract on file?",
        }),
    )  # fmt: skip


def _others(today: date) -> tuple[DemoContract, ...]:
    year = school_year(today)
    return (
        DemoContract("payroll", "beacon", "payright", days_ago=180, covers=("oakfold", "harrowmere", "aldersby"), values=_signed(
            "Payroll for the trust", "payroll", date(year - 1, 4, 1), date(year + 1, 3, 31), 1_890_000, renewal="rolls",
            roll=YEAR, notice={"by": "12-31"}, notice_clause="12", officer="Trust lead", needs_data_agreement=True,
            route="tender",
        )),
        DemoContract("hm_boilers", "harrowmere", "warmwell", days_ago=170, promises=("energy",), values=_signed(
            "Heating and air conditioning", "heating", date(year - 1, 9, 1), date(year + 1, 8, 31), 1_132_000, renewal="rolls",
            roll=YEAR, notice={"n": 6, "unit": "months"}, route="quotes", quotes=4,
        )),
        DemoContract("hm_grounds", "harrowmere", "mowden", days_ago=170, values=_signed(
            "Grounds and pitches", "grounds-maintenance", date(year, 4, 1), date(year + 3, 3, 31), 1_548_000, renewal="expires",
            route="tender",
        )),
        DemoContract("al_copiers", "aldersby", "printwise", days_ago=160, values=_signed(
            "Photocopiers", "photocopiers", date(year - 1, 1, 1), date(year + 1, 12, 31), 298_000, renewal="rolls", roll=YEAR,
            notice={"n": 90, "unit": "days"}, route="framework", framework_name="Harrowshire print framework",
        )),
        DemoContract("al_tests", "aldersby", "safeplug", days_ago=160, values={
            "title": "Testing of electrical appliances", "category": "pat-testing", "starts_on": date(year - 1, 2, 1),
            "renewal": "open", "notice": {"n": 1, "unit": "months"}, "annual_pence": 41_000, "officer": "Business manager",
        }),
    )  # fmt: skip


DOCUMENTS: Final = (
    DemoDocument(299, "copiers", "photocopiers-signed.pdf", DocumentKind.SIGNED_COPY,
                 ("Service agreement MOS-4471", "11.2 Three months' notice in writing ends this agreement on its last day.")),
    DemoDocument(298, "grounds", "greensward-insurance.pdf", DocumentKind.INSURANCE,
                 ("Public liability: 10,000,000 pounds",), runs_out_in=38),
    DemoDocument(298, "grounds", "mowing-risk-assessment.pdf", DocumentKind.RISK_ASSESSMENT,
                 ("No mowing while children are out.",), runs_out_in=210),
    DemoDocument(297, "boilers", "caldbeck-insurance.pdf", DocumentKind.INSURANCE,
                 ("Public liability: 5,000,000 pounds",), runs_out_in=-19),
    DemoDocument(296, "cleaning", "letter-of-assurance.pdf", DocumentKind.LETTER_OF_ASSURANCE,
                 ("Everybody whom we send to your school was checked before.",), runs_out_in=96),
    DemoDocument(295, "ict", "data-protection-agreement.pdf", DocumentKind.DATA_AGREEMENT,
                 ("Personal data is handled on the school's instructions alone.",)),
)  # fmt: skip


def _signed(title: str, category: str, starts: date, ends: date, annual_pence: int, **more: Any) -> dict[str, Any]:
    """What a register that is well kept says of a contract."""
    decided = starts - timedelta(days=60)
    values = {
        "title": title, "category": category, "starts_on": starts, "ends_on": ends, "annual_pence": annual_pence,
        "officer": "Business manager", "approved_by": "Finance committee", "approved_on": decided,
        "minute": f"F{decided:%y}/{decided:%m}", "signed_by": "The head", "signed_on": decided + timedelta(days=14),
        "conflicts": "None",
    }  # fmt: skip
    return values | more


def _soon(today: date) -> date:
    """The end of a month, three months before which lies one to six weeks ahead."""
    return last_day((today + timedelta(days=10)).replace(day=1), 4)


def _missed(today: date) -> date:
    """The end of a month that is still to come, three months before which is past."""
    return last_day((today + timedelta(days=40)).replace(day=1), 1)


def _months_back(end: date, months: int) -> date:
    """The first day of a contract that ran so many months up to its last day."""
    year, month = divmod(end.year * 12 + end.month - months, 12)
    return date(year, month + 1, 1)
