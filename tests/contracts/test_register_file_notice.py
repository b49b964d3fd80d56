"""What single cells of notice, renewal, extensions and ways of giving notice must give."""

import pytest

from contracts.clock.periods import Unit
from contracts.register_file.extending import read_extensions
from contracts.register_file.notices import read_method, read_notice
from contracts.register_file.renewing import read_renewing

pytestmark = pytest.mark.pure

NOTICES = [
    # the cell, the lengths, how it is given, how it renews
    ("3 months written notice", "3 months", None, None),
    ("1 term", "1 term", None, None),
    ("1 full terms notice", "1 term", None, None),
    ("One term's notice", "1 term", None, None),
    ("6 months' notice in writing", "6 months", None, None),
    ("3 months’ prior written", "3 months", None, None),
    ("3m", "3 months", None, None),
    ("3 mths", "3 months", None, None),
    ("6 wks", "6 weeks", None, None),
    ("30 days", "30 days", None, None),
    ("30 working days", "30 working days", None, None),
    ("30 business days", "30 working days", None, None),
    ("Four months", "4 months", None, None),
    ("3 calendar months", "3 months", None, None),
    ("90 days prior to expiry", "90 days", None, None),
    ("at least 3 months before the end of the contract", "3 months", None, None),
    ("not less than 3 months", "3 months", None, None),
    ("3 (three) months", "3 months", None, None),
    ("three (3) months", "3 months", None, None),
    ("one month", "1 month", None, None),
    ("a month", "1 month", None, None),
    ("1 year", "1 year", None, None),
    ("90 days (three months)", "90 days, 3 months", None, None),
    ("12 weeks (3 months)", "12 weeks, 3 months", None, None),
    ("6 months, recorded post only", "6 months", "recorded", None),
    ("3 months by email", "3 months", "email", None),
    ("3 months by email to help@supplier.example", "3 months", "email", None),
    ("3 months by post", "3 months", "post", None),
    ("Rolling - 3 months", "3 months", None, "rolls"),
    ("Auto renews, 90 days", "90 days", None, "rolls"),
    ("90 days or rolls over for 12mths", "90 days", None, "rolls 12 months"),
    ("120 days before end, else rolls 12 months", "120 days", None, "rolls 12 months"),
    ("Auto renews annually unless 60 days notice", "60 days", None, "rolls 1 year"),
    ("30 days, auto renew 12m", "30 days", None, "rolls 12 months"),
    ("Rolls for 5 yrs unless 6 months notice by recorded post", "6 months", "recorded", "rolls 5 years"),
    ("90 days, then renews for a further 12 months", "90 days", None, "rolls 12 months"),
    ("none", "", None, None),
    ("n/a", "", None, None),
    ("-", "", None, None),
    ("No notice required", "", None, None),
]
NO_NOTICE = [
    ("half a term", "not_a_period"),
    ("half term", "not_a_period"),
    ("1/2 term", "not_a_period"),
    ("1.5 months", "not_a_period"),
    ("see contract", "not_a_period"),
    ("as gas", "not_a_period"),
    ("TBC", "not_a_period"),
    ("?", "not_a_period"),
    ("immediate", "not_a_period"),
    ("Rolling", "not_a_period"),
    ("rolling 3 months", "not_a_period"),
    ("3 month rolling", "not_a_period"),
    ("Auto renewal 90 days", "not_a_period"),
    ("12 months auto renewal", "not_a_period"),
    ("renews 12 months", "not_a_period"),
    ("in writing", "not_a_period"),
    ("a few months", "not_a_period"),
    ("3 years and counting", "has_a_condition"),
    ("90", "no_unit"),
    ("3", "no_unit"),
    ("three", "no_unit"),
    ("3-6 months", "a_range"),
    ("3 – 6 months", "a_range"),
    ("3 to 6 months", "a_range"),
    ("3/6 months", "a_range"),
    ("1 or 3 months", "a_range"),
    ("1 month or 6 weeks", "a_range"),
    ("3 months (6 months)", "a_range"),
    ("31 Dec each year", "a_date_not_a_period"),
    ("31/12/2025", "a_date_not_a_period"),
    ("by 31 December", "a_date_not_a_period"),
    ("by end of March", "a_date_not_a_period"),
    ("Feb-26", "a_date_not_a_period"),
    ("March", "a_date_not_a_period"),
    ("60 days (90 in yr 1)", "has_a_condition"),
    ("3 months (6 months after yr 1)", "has_a_condition"),
    ("3 months after first year", "has_a_condition"),
    ("3 months but not before Sept 26", "has_a_condition"),
    ("3 months before 31 March", "has_a_condition"),
    ("1 month before end of term", "has_a_condition"),
    ("3 months at any time", "has_a_condition"),
    ("3 months if we move site", "has_a_condition"),
    ("3 months?", "has_a_condition"),
    ("up to 3 months", "has_a_condition"),
    ("3 (six) months", "has_a_condition"),
    ("3 months (supplier), 6 months (us)", "a_range"),
]
RENEWALS = [
    ("N", "expires", None, ""),
    ("No", "expires", None, ""),
    ("no - expires", "expires", None, ""),
    ("FALSE", "expires", None, ""),
    ("Fixed term", "expires", None, ""),
    ("No auto renewal", "expires", None, ""),
    ("Does not auto-renew", "expires", None, ""),
    ("Y (12m)", "rolls", "12 months", ""),
    ("Y - 12 months", "rolls", "12 months", ""),
    ("Y, 5 years", "rolls", "5 years", ""),
    ("Y 1yr", "rolls", "1 year", ""),
    ("Y annual", "rolls", "1 year", ""),
    ("Yes – 12 months", "rolls", "12 months", ""),
    ("Yes, for 12 months", "rolls", "12 months", ""),
    ("Yes, annually", "rolls", "1 year", ""),
    ("Rolling annually", "rolls", "1 year", ""),
    ("Auto-renews annually", "rolls", "1 year", ""),
    ("rolls month to month", "rolls", "1 month", ""),
    ("12 month rolling", "rolls", "12 months", ""),
    ("Rolls over for a further 2 years", "rolls", "2 years", ""),
    ("Y", "rolls", None, "roll_length"),
    ("Yes", "rolls", None, "roll_length"),
    ("TRUE", "rolls", None, "roll_length"),
    ("Auto", "rolls", None, "roll_length"),
    ("Rolling", "rolls", None, "roll_length"),
    ("Rolling contract", "rolls", None, "roll_length"),
    ("Rolls 1 term", "rolls", None, "roll_length"),
    ("Evergreen", "open", None, ""),
    ("ongoing", "open", None, ""),
    ("Continuous", "open", None, ""),
    ("open-ended", "open", None, ""),
    ("until terminated", "open", None, ""),
    ("By agreement", "express", None, ""),
    ("on request", "express", None, ""),
    ("", None, None, ""),
    ("n/a", None, None, ""),
    ("-", None, None, ""),
    ("?", None, None, "not_a_rule"),
    ("TBC", None, None, "not_a_rule"),
    ("Y/N", None, None, "not_a_rule"),
    ("Y?", None, None, "not_a_rule"),
    ("Yes but only once", None, None, "not_a_rule"),
    ("No, unless extended", None, None, "not_a_rule"),
    ("N (Y for 12 months if ICT asks)", None, None, "not_a_rule"),
    ("Not sure", None, None, "not_a_rule"),
    ("Y 1-2 years", None, None, "not_a_rule"),
    ("31/08/2026", None, None, "not_a_rule"),
    ("Optional", None, None, "not_a_rule"),
    ("Annual renewal", None, None, "not_a_rule"),
    ("Annual", None, None, "not_a_rule"),
    ("12 months", None, None, "not_a_rule"),
    ("Automatically renews each year unless cancelled", "rolls", "1 year", ""),
    ("Rolling monthly contract", "rolls", "1 month", ""),
    ("Auto - stops 2027", None, None, "not_a_rule"),
]
EXTENSIONS = [
    ("None", "", ""),
    ("No", "", ""),
    ("1+1", "1 year, 1 year", ""),
    ("1 + 1", "1 year, 1 year", ""),
    ("+1 +1", "1 year, 1 year", ""),
    ("+1", "1 year", ""),
    ("+2", "", "no_unit"),
    ("1+1+1", "1 year, 1 year, 1 year", ""),
    ("2 x 12 months", "12 months, 12 months", ""),
    ("2 x 1 year", "1 year, 1 year", ""),
    ("2x1yr", "1 year, 1 year", ""),
    ("12 months x 2", "12 months, 12 months", ""),
    ("two 12-month extensions", "12 months, 12 months", ""),
    ("+2 yrs", "2 years", ""),
    ("12 mths", "12 months", ""),
    ("1 year option", "1 year", ""),
    ("Option to extend for 12 months", "12 months", ""),
    ("1yr + 1yr", "1 year, 1 year", ""),
    ("12 + 12 months", "12 months, 12 months", ""),
    ("1+1 (first taken)", "1 year taken, 1 year", ""),
    ("1+1 (both taken)", "1 year taken, 1 year taken", ""),
    ("1+1 (none taken)", "1 year, 1 year", ""),
    ("Extended to 31/08/2026", "2026-08-31 taken", ""),
    ("to 31/08/2027", "2027-08-31", ""),
    ("extended by 12 months", "12 months taken", ""),
    ("2", "", "no_unit"),
    ("Y", "", "not_a_period"),
    ("Yes", "", "not_a_period"),
    ("TBC", "", "not_a_period"),
    ("up to 24 months", "", "has_a_condition"),
    ("1-2 years", "", "a_range"),
    ("12+12", "", "not_a_period"),
    ("1 term", "", "not_a_period"),
    ("extended to 31/09/2026", "", "not_a_period"),
    ("1+1?", "", "not_a_period"),
    ("1+1 at our option subject to Ofsted", "", "not_a_period"),
    ("1+1 (third taken)", "", "not_a_period"),
]


@pytest.mark.parametrize(("cell", "lengths", "method", "renewal"), NOTICES)
def test_a_notice(cell: str, lengths: str, method: str | None, renewal: str | None) -> None:
    answer = read_notice(cell)
    found = answer.value
    assert answer.questions == ()
    assert ", ".join(map(str, found.lengths if found else ())) == lengths
    assert (found.method if found else None) == method
    renewing = found.renewing if found else None
    assert (f"{renewing.mode} {renewing.roll or ''}".strip() if renewing else None) == renewal


@pytest.mark.parametrize(("cell", "code"), NO_NOTICE)
def test_a_notice_that_must_be_asked_about(cell: str, code: str) -> None:
    answer = read_notice(cell)
    assert ((answer.value.lengths if answer.value else ()), [one.code for one in answer.questions]) == ((), [code])


def test_clear_days_are_clear_and_a_bare_number_is_in_the_unit_of_its_heading() -> None:
    clear = read_notice("90 clear days").value
    assert clear
    assert clear.json == {"n": 90, "unit": "days", "clear": True}
    bare = read_notice("90", unit=Unit.DAYS).value
    assert bare
    assert bare.json == {"n": 90, "unit": "days"}


@pytest.mark.parametrize(("cell", "mode", "roll", "code"), RENEWALS)
def test_a_renewal(cell: str, mode: str | None, roll: str | None, code: str) -> None:
    answer = read_renewing(cell)
    found = answer.value
    assert (found.mode.value if found else None, str(found.roll) if found and found.roll else None) == (mode, roll)
    assert " ".join(one.code for one in answer.questions) == code


@pytest.mark.parametrize(("cell", "roll"), [("Monthly", "1 month"), ("12 months", "12 months"), ("Annual", "1 year")])
def test_a_bare_length_is_by_how_much_it_renews_where_the_heading_is_of_renewing_by_itself(cell: str, roll: str) -> None:
    found = read_renewing(cell, is_length=True).value
    assert found
    assert (found.mode.value, str(found.roll)) == ("rolls", roll)


@pytest.mark.parametrize(("cell", "expected", "code"), EXTENSIONS)
def test_extensions(cell: str, expected: str, code: str) -> None:
    answer = read_extensions(cell)
    said = [f"{one.length or one.to}{' taken' if one.taken else ''}" for one in answer.value or ()]
    assert (", ".join(said), " ".join(one.code for one in answer.questions)) == (expected, code)


@pytest.mark.parametrize(("years", "expected", "code"), [(3, 2, ""), (5, 0, "not_a_period"), (None, 0, "not_a_period")])
def test_the_contract_itself_is_no_extension(years: int | None, expected: int, code: str) -> None:
    """As "3+1+1" begins with a contract of three years; where the contract isn't that long, it can't be told."""
    answer = read_extensions("3+1+1", years=years)
    assert (len(answer.value or ()), " ".join(one.code for one in answer.questions)) == (expected, code)


@pytest.mark.parametrize(
    ("cell", "method", "code"),
    [
        ("Email", "email", ""),
        ("e-mail to head@x.example", "email", ""),
        ("Recorded delivery", "recorded", ""),
        ("Signed for post", "recorded", ""),
        ("Special delivery", "recorded", ""),
        ("letter", "post", ""),
        ("Post", "post", ""),
        ("By hand", "hand", ""),
        ("Supplier portal", "portal", ""),
        ("In writing", None, ""),
        ("n/a", None, ""),
        ("Email or post", None, "not_a_rule"),
        ("Phone", None, "not_a_rule"),
        ("not by email", None, "not_a_rule"),
        ("TBC", None, "not_a_rule"),
    ],
)
def test_how_notice_is_given(cell: str, method: str | None, code: str) -> None:
    answer = read_method(cell)
    assert (answer.value, " ".join(one.code for one in answer.questions)) == (method, code)
