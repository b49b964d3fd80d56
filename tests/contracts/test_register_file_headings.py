"""What headings of contract registers hold: understood when every word is, and never by a part of them."""

import pytest

from contracts.register_file.headings import meaning

pytestmark = pytest.mark.pure

UNDERSTOOD = {
    "title": [
        "Contract Title",
        "Service provided",
        "Contract/SLA",
        "What for",
        "Description of goods/services",
        "Name of contract",
    ],
    "supplier": ["Supplier Name ", "Contractor / company", "Name of supplier", "Awarded to", "Suplier name", "With"],
    "start": ["Start", "Contract Start Date", "Commencment date", "From", "Effective from", "Start dt", "Date (start)"],
    "end": ["End", "Expiry date", "Contract\nexpires", "To", "Valid until", "Termination date", "Initial expiry date"],
    "renewal_day": ["Renewal date", "Expiry / renewal", "Renewal / end date"],
    "term": ["Term", "Contract length", "Duration (years)", "Start - End", "Contract period"],
    "extensions": ["Extension options", "Optional extension periods", "Options to extend", "Extension available?"],
    "notice": [
        "Notice",
        "Notice period required",
        "Termination details",
        "Notice (days)",
        "Notice/Renewal",
        "Cancellation terms",
    ],
    "method": ["How given", "Method of notice", "Notice to be given how"],
    "renewal": ["Auto-renew Y/N", "Rolling?", "Does it auto renew?", "Renewal arrangements"],
    "annual": [
        "Annual Amount (current year)",
        "Current value p.a.",
        "£ pa",
        "Value p/a",
        "Monthly cost (£)",
        "Cost per term",
        "Annual",
        "pcm",
    ],
    "total": ["Total Contract Value", "Whole life value", "Value over term", "Lifetime cost"],
    "sum": ["Cost", "Contract value", "Price (ex VAT)"],
    "route": ["Method of Procurement", "Route to market", "Procured by", "Quotes obtained"],
    "officer": ["Responsible Officer", "Lead", "Contract owner", "Budget holder", "Managed by"],
    "schools": ["School", "School(s)", "Academies covered", "Site", "Nursery"],
    "notes": ["NOTES", "Status / comments", "Any other info"],
    "status": ["Status", "Contract status"],
    "trigger": ["Trigger Date", "Notice date", "Notice must be given by", "Cancel by"],
    "review": ["Review date", "Next review date"],
}
NOT_UNDERSTOOD = (
    "Insurance expiry date", "Previous end date", "Break date", "Date of last price review", "Supplier contact", "Supplier email",
    "Company number", "Annual saving", "Account manager", "DBS expiry", "Payment terms", "Cost 2025/26", "VAT", "Year", "Name",
    "Contact",
    "Latest end", "Start-up cost of project", "",
)  # fmt: skip


@pytest.mark.parametrize(("field", "heading"), [(field, one) for field, every in UNDERSTOOD.items() for one in every])
def test_a_heading_says_what_its_column_holds(field: str, heading: str) -> None:
    found = meaning(heading)
    assert found
    assert found.field == field


@pytest.mark.parametrize("heading", NOT_UNDERSTOOD)
def test_a_heading_about_something_else_is_not_taken_for_what_it_resembles(heading: str) -> None:
    assert meaning(heading) is None


def test_a_heading_says_how_often_a_sum_is_paid_and_in_what_units() -> None:
    monthly, thousands, days = meaning("Cost pcm"), meaning("Annual value (£000)"), meaning("Notice (days)")
    assert monthly
    assert thousands
    assert days
    assert (monthly.times, thousands.thousands, days.unit) == (12, True, "days")
    month_first = meaning("Start date (MM/DD/YYYY)")
    assert month_first
    assert month_first.month_first
