import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.matching.identifiers import LONGEST, Identifiers, NotAnIdentifier, Scheme, parse

pytestmark = pytest.mark.pure

RIGHT = [
    (Scheme.COMPANY_NUMBER, "1234567", "01234567"),
    (Scheme.COMPANY_NUMBER, " 0123 4567 ", "01234567"),
    (Scheme.COMPANY_NUMBER, "sc12345", "SC012345"),
    (Scheme.COMPANY_NUMBER, "OC301234", "OC301234"),
    (Scheme.COMPANY_NUMBER, "IP12345R", "IP12345R"),
    (Scheme.COMPANY_NUMBER, "R0000123", "R0000123"),
    (Scheme.COMPANY_NUMBER, "GB-COH-01234567", "01234567"),
    (Scheme.COMPANY_NUMBER, "2345678.0", "02345678"),
    (Scheme.COMPANY_NUMBER, " 12345678.00 ", "12345678"),
    (Scheme.COMPANY_NUMBER, "2,345,678", "02345678"),
    (Scheme.COMPANY_NUMBER, "SC-123456", "SC123456"),
    (Scheme.COMPANY_NUMBER, "Company No: 01234567", "01234567"),
    (Scheme.COMPANY_NUMBER, "Reg. No. 1234567", "01234567"),
    (Scheme.COMPANY_NUMBER, "01234567.", "01234567"),
    (Scheme.CHARITY_NUMBER, "212345.0", "212345"),
    (Scheme.CHARITY_NUMBER, "100123.0", "NIC100123"),
    (Scheme.CHARITY_NUMBER, "1234567", "1234567"),
    (Scheme.CHARITY_NUMBER, "Charity no. 212345", "212345"),
    (Scheme.CHARITY_NUMBER, "1234567-1", "1234567"),
    (Scheme.CHARITY_NUMBER, "sc012345", "SC012345"),
    (Scheme.CHARITY_NUMBER, "NIC 100123", "NIC100123"),
    (Scheme.CHARITY_NUMBER, "100123", "NIC100123"),
    (Scheme.VAT_NUMBER, "GB 980 7806 84", "GB980780684"),
    (Scheme.VAT_NUMBER, "980780684", "GB980780684"),
    (Scheme.VAT_NUMBER, "XI980780684", "GB980780684"),
    (Scheme.VAT_NUMBER, "GB980780684001", "GB980780684"),
    (Scheme.VAT_NUMBER, "GB100000034", "GB100000034"),
    (Scheme.VAT_NUMBER, "980780684.0", "GB980780684"),
    (Scheme.VAT_NUMBER, "VAT Reg 980 7806 84", "GB980780684"),
    (Scheme.VAT_NUMBER, "VAT Registration No. GB980780684", "GB980780684"),
    (Scheme.VAT_NUMBER, "GBGD001", "GBGD001"),
    (Scheme.VAT_NUMBER, "GBHA599", "GBHA599"),
    (Scheme.DOMAIN, "https://www.Hollybank.co.uk/menus?week=2", "hollybank.co.uk"),
    (Scheme.DOMAIN, "office@hollybank.co.uk", "hollybank.co.uk"),
    (Scheme.DOMAIN, "mailto:office@hollybank.co.uk", "hollybank.co.uk"),
    (Scheme.DOMAIN, "hollybank.co.uk.", "hollybank.co.uk"),
    (Scheme.DOMAIN, "hollybänk.example", "xn--hollybnk-5za.example"),
    (Scheme.PHONE, "0113 496 0000", "+441134960000"),
    (Scheme.PHONE, "+44 (0)113 496 0000", "+441134960000"),
    (Scheme.PHONE, "0044 113 496 0000 ext. 12", "+441134960000"),
    (Scheme.PHONE, "441134960000", "+441134960000"),
    (Scheme.PHONE, "016977 2345", "+44169772345"),
    (Scheme.PHONE, "0113.496.0000", "+441134960000"),
    (Scheme.PHONE, "1134960000.0", "+441134960000"),
    (Scheme.PHONE, "0113 496 0000 (office)", "+441134960000"),
    (Scheme.PHONE, "0113 496 0000 opt 2", "+441134960000"),
    (Scheme.PHONE, "0113 496 0000, option 2", "+441134960000"),
    (Scheme.PHONE, "Tel: 0113 496 0000", "+441134960000"),
    (Scheme.PHONE, "0113 496 0000 office", "+441134960000"),
    (Scheme.PHONE, "Work: 0113 496 0000", "+441134960000"),
    (Scheme.PHONE, "Tel 0113 496 0000", "+441134960000"),
    (Scheme.PHONE, "Tel no. 0113 496 0000", "+441134960000"),
    (Scheme.PHONE, "'+44 113 496 0000", "+441134960000"),
    (Scheme.COMPANY_NUMBER, "'01234567", "01234567"),
    (Scheme.COMPANY_NUMBER, '="01234567"', "01234567"),
    (Scheme.POSTCODE, "ls14ap", "LS1 4AP"),
    (Scheme.POSTCODE, "LS1  4AP", "LS1 4AP"),
    (Scheme.POSTCODE, "m1 1ae", "M1 1AE"),
    (Scheme.POSTCODE, "EC1A1BB", "EC1A 1BB"),
    (Scheme.POSTCODE, "W1A 0AX", "W1A 0AX"),
    (Scheme.POSTCODE, "dn55 1pt", "DN55 1PT"),
    (Scheme.POSTCODE, "gir0aa", "GIR 0AA"),
    (Scheme.POSTCODE, "BFPO57", "BFPO 57"),
]


@pytest.mark.parametrize(("scheme", "raw", "canonical"), RIGHT)
def test_what_people_type_becomes_the_one_spelling(scheme: Scheme, raw: str, canonical: str) -> None:
    assert parse(scheme, raw) == canonical
    assert parse(scheme, canonical) == canonical


WRONG = [
    (Scheme.COMPANY_NUMBER, "", "8 characters"),
    (Scheme.COMPANY_NUMBER, "00000000", "8 characters"),
    (Scheme.COMPANY_NUMBER, "123456789", "8 characters"),
    (Scheme.COMPANY_NUMBER, "SC1234567", "8 characters"),
    (Scheme.COMPANY_NUMBER, "QQ123456", "starts with QQ"),
    (Scheme.COMPANY_NUMBER, "1234567-8", "8 characters"),
    (Scheme.COMPANY_NUMBER, "1234567.8", "8 characters"),
    (Scheme.COMPANY_NUMBER, "2345678,0", "8 characters"),
    (Scheme.COMPANY_NUMBER, "234567.80", "8 characters"),
    (Scheme.COMPANY_NUMBER, "12345/67", "8 characters"),
    (Scheme.COMPANY_NUMBER, "123.4567", "8 characters"),
    (Scheme.COMPANY_NUMBER, "1234567 - 8", "8 characters"),
    (Scheme.COMPANY_NUMBER, "12345(67)", "8 characters"),
    (Scheme.COMPANY_NUMBER, "SC1234-56", "8 characters"),
    (Scheme.COMPANY_NUMBER, "1234567\u20118", "8 characters"),
    (Scheme.COMPANY_NUMBER, "123,4567", "8 characters"),
    (Scheme.CHARITY_NUMBER, "123456.7", "6 or 7 digits"),
    (Scheme.CHARITY_NUMBER, "112345/6", "6 or 7 digits"),
    (Scheme.VAT_NUMBER, "98078068.0", "9 digits"),
    (Scheme.COMPANY_NUMBER, "\u0661\u0662\u0663\u0664\u0665\u0666\u0667", "8 characters"),
    (Scheme.CHARITY_NUMBER, "12345", "6 or 7 digits"),
    (Scheme.CHARITY_NUMBER, "2345678", "6 or 7 digits"),
    (Scheme.CHARITY_NUMBER, "SC112345", "6 or 7 digits"),
    (Scheme.VAT_NUMBER, "GB980780685", "check digits"),
    (Scheme.VAT_NUMBER, "000000000", "check digits"),
    (Scheme.VAT_NUMBER, "FR12345678901", "9 digits"),
    (Scheme.DOMAIN, "office@gmail.com", "Many suppliers use gmail.com"),
    (Scheme.DOMAIN, "https://m.facebook.com/oak", "Many suppliers use m.facebook.com"),
    (Scheme.DOMAIN, "linktr.ee/oak", "Many suppliers use linktr.ee"),
    (Scheme.DOMAIN, "https://www.checkatrade.com/trades/oak", "Many suppliers use checkatrade.com"),
    (Scheme.DOMAIN, "en-gb.facebook.com", "Many suppliers use"),
    (Scheme.DOMAIN, "localhost", "looks like"),
    (Scheme.DOMAIN, "192.0.2.1", "looks like"),
    (Scheme.DOMAIN, "http://[", "looks like"),
    (Scheme.DOMAIN, "not a domain.com", "looks like"),
    (Scheme.PHONE, "0113 496", "starts with 0"),
    (Scheme.PHONE, "169772345.5", "starts with 0"),
    (Scheme.PHONE, "01/09/2025", "starts with 0"),
    (Scheme.PHONE, "+33 1 23 45 67 89 00", "starts with 0"),
    (Scheme.POSTCODE, "LS1", "looks like LS1 4AP"),
    (Scheme.POSTCODE, "LS1 4CI", "looks like LS1 4AP"),
    (Scheme.POSTCODE, "GIR 1AA", "looks like LS1 4AP"),
    (Scheme.POSTCODE, "QA1 4AP", "looks like LS1 4AP"),
]


@pytest.mark.parametrize(("scheme", "raw", "part"), WRONG)
def test_a_wrong_one_says_what_a_right_one_looks_like(scheme: Scheme, raw: str, part: str) -> None:
    with pytest.raises(NotAnIdentifier) as refused:
        parse(scheme, raw)
    assert part in refused.value.sentence


def test_nearly_every_slip_in_a_vat_number_is_noticed() -> None:
    right = "980780684"
    slips = [right[:place] + other + right[place + 1 :] for place in range(9) for other in "0123456789" if other != right[place]]
    assert sum(is_identifier(Scheme.VAT_NUMBER, slip) for slip in slips) <= 2  # the two check rules overlook each other's numbers


def is_identifier(scheme: Scheme, raw: str) -> bool:
    try:
        parse(scheme, raw)
    except NotAnIdentifier:
        return False
    return True


@given(st.sampled_from(Scheme), st.text(max_size=60))
def test_any_text_is_either_canonical_for_good_or_refused(scheme: Scheme, raw: str) -> None:
    if is_identifier(scheme, raw):
        canonical = parse(scheme, raw)
        assert canonical.isascii()
        assert parse(scheme, canonical) == canonical


@pytest.mark.parametrize("scheme", Scheme)
def test_a_very_long_text_is_refused_unread(scheme: Scheme) -> None:
    with pytest.raises(NotAnIdentifier, match="too long"):
        parse(scheme, "1" * (LONGEST + 1))


def test_the_identifiers_that_are_known_are_told_in_the_order_of_their_schemes() -> None:
    known = Identifiers(phone="+441522496000", company_number="01234567")
    assert known.items() == ((Scheme.COMPANY_NUMBER, "01234567"), (Scheme.PHONE, "+441522496000"))
