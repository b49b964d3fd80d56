"""What single cells of money must give: pence, how often a year, and the question where the cell is no one sum."""

import pytest

from contracts.register_file.money import read_sum

pytestmark = pytest.mark.pure

A_YEAR = [
    ("£4,860.00", 486000),
    ("£6,200 pa", 620000),
    ("£6,200 p.a.", 620000),
    ("£6,200 per annum", 620000),
    ("£6,200 a year", 620000),
    ("£6,200/yr", 620000),
    ("£6200 annually", 620000),
    ("£12k pa", 1200000),
    ("2.4k", 240000),
    ("£2.1K", 210000),
    ("4860", 486000),
    ("4860.5", 486050),
    ("18,400 ex VAT", 1840000),
    ("£2,950 + VAT", 295000),
    ("£2,950 +VAT", 295000),
    ("£2,950 plus VAT", 295000),
    ("£2,950 (inc. VAT)", 295000),
    ("£2,950 excl. VAT pa", 295000),
    ("£2,950 exc VAT", 295000),
    ("£2,950 inc 20% VAT", 295000),
    ("£95 pcm", 114000),
    ("£95 p.c.m.", 114000),
    ("£36.50 pm", 43800),
    ("£36.50pm", 43800),
    ("£465.00/month", 558000),
    ("£725 per month", 870000),
    ("£725 per calendar month", 870000),
    ("£725 monthly", 870000),
    ("£725 a month", 870000),
    ("£450 per term", 135000),
    ("£450/term", 135000),
    ("£450 termly", 135000),
    ("£300 per quarter", 120000),
    ("£300 quarterly", 120000),
    ("£300 qtrly", 120000),
    ("£43.33 monthly by DD", 51996),
    ("£300/qtr", 120000),
    ("£500 half-yearly", 100000),
    ("£500 per half year", 100000),
    ("£500 every six months", 100000),
    ("£3,100 (20 x £155)", 310000),
    ("FOC", 0),
    ("nil", 0),
    ("Free", 0),
    ("£0.00", 0),
    ("0", 0),
    ("£ 1,875", 187500),
    ("£12 500", 1250000),
    ("GBP 1,200", 120000),
    ("Â£4,860", 486000),
    ("\ufffd4,860", 486000),
    ("1041.6666666666667", 104167),
    ("1234.5600000000001", 123456),
    ("1,875 pounds", 187500),
]
APPROXIMATE = [
    ("c. £520", 52000),
    ("c £520", 52000),
    ("circa £520", 52000),
    ("£8,750 (est)", 875000),
    ("est. £8,750", 875000),
    ("approx £31k", 3100000),
    ("£26k approx", 2600000),
    ("~£400", 40000),
    ("about £400 pa", 40000),
    ("£95 pcm approx.", 114000),
]
NO_SUM = [
    ("n/a - concession", "not_a_sum"),
    ("£85 per visit", "not_a_sum"),
    ("£27 per pupil", "not_a_sum"),
    ("£1.10 per item", "not_a_sum"),
    ("£1.15 x 180 pupils", "not_a_sum"),
    ("20 x £155", "not_a_sum"),
    ("£3,100 (20 x £150)", "not_a_sum"),
    ("varies", "not_a_sum"),
    ("TBC", "not_a_sum"),
    ("£1.10", "not_a_sum"),
    ("£3,100 (38 weeks)", "not_a_sum"),
    ("see lease", "not_a_sum"),
    ("included", "not_a_sum"),
    ("£500 + £20 pcm", "not_a_sum"),
    ("£500 yr 1, £600 yr 2", "not_a_sum"),
    ("£500 pa rising to £600", "not_a_sum"),
    ("up to £5,000", "not_a_sum"),
    ("£500+", "not_a_sum"),
    ("£520?", "not_a_sum"),
    ("£95 per week", "not_a_sum"),
    ("£95 per half term", "not_a_sum"),
    ("£95 half-termly", "not_a_sum"),
    ("£95 bi-annual", "not_a_sum"),
    ("£95m", "not_a_sum"),
    ("$500", "not_a_sum"),
    ("€500", "not_a_sum"),
    ("1.234,56", "not_a_sum"),
    ("4,86", "not_a_sum"),
    ("12,34,567", "not_a_sum"),
    ("1.155", "not_a_sum"),
    ("01/09/2025", "not_a_sum"),
    ("#REF!", "not_a_sum"),
    ("3%", "not_a_sum"),
    ("£100 (£120 inc VAT)", "not_a_sum"),
    ("£100 pcm for 12 months", "not_a_sum"),
    ("£5,000 pcm pa", "not_a_sum"),
    ("100000000000000", "not_a_sum"),
    ("£900 - £1,100", "a_range"),
    ("£400-£500", "a_range"),
    ("£400 to £500 pa", "a_range"),
    ("£5k-6k", "a_range"),
    ("between £400 and £500", "a_range"),
    ("(£4,200)", "negative"),
    ("-£4,200", "negative"),
    ("£-4,200", "negative"),
    ("-4200", "negative"),
    ("−4200", "negative"),
    ("4,200-", "negative"),
]


@pytest.mark.parametrize(("cell", "pence"), A_YEAR)
def test_a_sum_a_year(cell: str, pence: int) -> None:
    answer = read_sum(cell)
    assert answer.value
    assert (answer.value.a_year, answer.value.approximate, answer.value.in_all, answer.questions) == (pence, False, False, ())


@pytest.mark.parametrize(("cell", "pence"), APPROXIMATE)
def test_an_approximate_sum(cell: str, pence: int) -> None:
    answer = read_sum(cell)
    assert answer.value
    assert (answer.value.a_year, answer.value.approximate, answer.questions) == (pence, True, ())


@pytest.mark.parametrize(("cell", "code"), NO_SUM)
def test_what_is_no_sum_is_asked_about(cell: str, code: str) -> None:
    answer = read_sum(cell)
    assert (answer.value, [question.code for question in answer.questions]) == (None, [code])


@pytest.mark.parametrize("cell", ["", "-", "–", "n/a", "N/A", "none", "£ -", "£-"])
def test_what_says_that_there_is_none_asks_nothing(cell: str) -> None:
    assert (read_sum(cell).value, read_sum(cell).questions) == (None, ())


@pytest.mark.parametrize(
    ("cell", "pence", "months"),
    [
        ("£15,000 over 3 years", 1500000, 36),
        ("£24k (2 yrs)", 2400000, 24),
        ("£9,000 for 36 months", 900000, 36),
        ("£9,000 total", 900000, 0),
    ],
)
def test_a_sum_for_the_whole_contract(cell: str, pence: int, months: int) -> None:
    found = read_sum(cell).value
    assert found
    assert (found.pence, found.in_all, found.over.months if found.over else 0) == (pence, True, months)


def test_a_footnote_is_asked_about_and_thousands_of_the_heading_are_counted() -> None:
    marked = read_sum("£4,860*")
    assert (marked.value and marked.value.pence, [q.code for q in marked.questions]) == (486000, ["has_a_condition"])
    in_thousands = read_sum("12.5", thousands=True).value
    assert in_thousands
    assert in_thousands.pence == 1250000
