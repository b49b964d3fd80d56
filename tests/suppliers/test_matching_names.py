import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.matching.names import LEGAL_FORMS, LONGEST, AliasKind, abbreviations, normalise

pytestmark = pytest.mark.pure

RULES = [
    ("Hollybank Catering Ltd", "hollybank catering", "ltd"),
    ("HOLLYBANK  CATERING LIMITED.", "hollybank catering", "ltd"),
    ("Arlwyo Hollybank Cyf", "arlwyo hollybank", "ltd"),
    ("Hollybank C.I.C.", "hollybank", "cic"),
    ("Hollybank Community Interest Company", "hollybank", "cic"),
    ("Hollybank P L C", "hollybank", "plc"),
    ("Hollybank Public Limited Company", "hollybank", "plc"),
    ("Hollybank Limited Liability Partnership", "hollybank", "llp"),
    ("Crownhollybankltd", "crownhollybank", "ltd"),
    ("HOLLYBANK SERVICESLIMITED", "hollybank services", "ltd"),
    ("Kids Unlimited", "kids unlimited", None),
    ("MPLC", "mplc", None),
    ("WWW.HOLLYBANK.CO.UK", "hollybank", None),
    ("Www.Hollybank.Co.", "hollybank", None),
    ("WWW.HOLLYBANKSUPERSTORE", "hollybanksuperstore", None),
    ("Hollybank Amazn.Co.U", "hollybank amazn", None),
    ("hollybank.london", "hollybank", None),
    ("IZ *Hollybank Catering Ltd", "hollybank catering", "ltd"),
    ("Ztl*hollybank Caterin", "hollybank caterin", None),
    ("Ppoint_*Hollybank 31", "hollybank 31", None),
    ("NOCHEX.*Hollybank", "hollybank", None),
    ("2CO.COM*HOLLYBANK.COM", "hollybank", None),
    ("Klarna * Hollybank", "hollybank", None),
    ("Amz*247hollybank", "247hollybank", None),
    ("PAYPAL *HOLLYBANK", "hollybank", None),
    ("SumUp  *Hollybank Cleaning", "hollybank cleaning", None),
    ("iZettle *Hollybank", "hollybank", None),
    ("Zettle_*Hollybank", "hollybank", None),
    ("SQ *HOLLYBANK", "hollybank", None),
    ("PAYPAL *", "paypal", None),
    ("Pp*4711code", "pp 4711code", None),
    ("Google *ads3049165359", "google ads", None),
    ("SQ Hollybank", "sq hollybank", None),
    ("Hollybank C.I.C", "hollybank", "cic"),
    ("Ltd Edition Prints", "ltd edition prints", None),
    ("Cool Milk at School", "cool milk at school", None),
    ("Café Zoë", "cafe zoe", None),
    ("A.B.C. Heating Co. Ltd", "abc heating co", "ltd"),
    ("R M Hollybank", "rm hollybank", None),
    ("E.ON UK PLC", "eon uk", "plc"),
    ("B & M Cleaning", "b and m cleaning", None),
    ("Bricks + Mortar", "bricks and mortar", None),
    ("Fish 'n' Chips", "fish and chips", None),
    ("St. Mary\u2019s Nursery", "st marys nursery", None),
    ("The Hollybank Trust", "hollybank trust", None),
    ("Hollybank Trust, The", "hollybank trust", None),
    ("Hollybank (Builders) Ltd", "hollybank builders", "ltd"),
    ("Hollybank Ltd (4024)", "hollybank", "ltd"),
    ("Hollybank Ltd - In Liquidation", "hollybank", "ltd"),
    ("Hollybank Ltd (in voluntary liquidation)", "hollybank", "ltd"),
    ("Hollybank Lettings (BACS)", "hollybank lettings", None),
    ("BACS Payment Schemes Ltd", "bacs payment schemes", "ltd"),
    ("Hollybank Mowers Ltd - DO NOT USE", "hollybank mowers", "ltd"),
    ("Hollybank Mowers Ltd (CLOSED)", "hollybank mowers", "ltd"),
    ("Hollybank Mowers - closed account", "hollybank mowers", None),
    ("OLD - Hollybank Mowers", "hollybank mowers", None),
    ("Hollybank Mowers INACTIVE", "hollybank mowers", None),
    ("Hollybank Mowers (duplicate of 4711)", "hollybank mowers duplicate of 4711", None),
    ("The Old Bakery", "old bakery", None),
    ("Closed Loop Mowers - Old Hall", "closed loop mowers old hall", None),
    ("HA92368 Hollybank Hospice Trust", "hollybank hospice trust", None),
    ("Hollybank Hospice66642400", "hollybank hospice", None),
    ("In Administration - Hollybank Homes LLP", "hollybank homes", "llp"),
    ("Hollybank Homes Ltd in admin", "hollybank homes", "ltd"),
    ("Hollybank Borough Council002", "hollybank borough council", None),
    ("000038Hollybank Partnership", "hollybank partnership", None),
    ("RX7Hollybank Ambulance", "hollybank ambulance", None),
    ("Housing Hollybank 2000", "housing hollybank 2000", None),
    ("hollybank-solutions.co.uk", "hollybank solutions", None),
    ("www.hollybank.com/shop Ltd", "hollybank", "ltd"),
    ("Hollybank NHS Foundation Trust", "hollybank", "nhs"),
    ("NHS Trust Hollybank Hospital", "hollybank hospital", "nhs"),
    ("HOLLYBANK HOSPITALS NHS FOUNDA", "hollybank hospitals", "nhs"),
    ("Hollybank Hospital NHS F T", "hollybank hospital", "nhs"),
    ("Hollybank NHST", "hollybank", "nhs"),
    ("Hollybank NHS", "hollybank", "nhs"),
    ("HOLLYBANK HOSPNHSTRUST", "hollybank hosp", "nhs"),
    ("Hollybank Foundation NHS Trust", "hollybank", "nhs"),
    ("Hollybank Hospitals Trust", "hollybank hospitals", "nhs"),
    ("Hollybank Hospice Trust", "hollybank hospice trust", None),
    ("NHS Trust", "nhs trust", None),
    ("Hollybank University use L1056", "hollybank university", None),
    ("Hollybank Borough Council Business Rates", "hollybank borough council", None),
    ("Hollybank Council Rates and Council Tax", "hollybank council", None),
    ("Hollybank Council Unitary", "hollybank council", None),
    ("Hollybank Business Rates Advisers", "hollybank business rates advisers", None),
    ("Hollybank Finance Dept", "hollybank", None),
    ("The Finance Team", "finance team", None),
    ("CAFÃ LTD", "cafe", "ltd"),
    ("NHS Supply Chain", "nhs supply chain", None),
    ("O1G NHS Hollybank CCG 0DF", "nhs hollybank ccg", None),
    ("2Gether NHS Foundation Trust", "2gether", "nhs"),
    ("G4S Hollybank", "g4s hollybank", None),
    ("LIMITED ANTHONY HOLLYBANK TRUST", "anthony hollybank trust", "ltd"),
    ("Limited Edition Prints", "limited edition prints", None),
    ("DU HOLLYBANK PRÃ‰ PLC", "du hollybank pre", "plc"),
    ("St Luke\\xB4s Hollybank", "st lukes hollybank", None),
    ("Hollybank Catering Limit", "hollybank catering", "ltd"),
    ("Hollybank Catering Linited", "hollybank catering", "ltd"),
    ("Hollybank Moor Catering Services L", "hollybank moor catering services l", None),  # 34: no column has them
    ("Hollybank Moor Catering Services Li", "hollybank moor catering services", None),  # a column of 35 letters
    ("Hollybank Uniforms (schools only)", "hollybank uniforms", None),
    ("Hollybank Uniforms - schools only", "hollybank uniforms", None),
    ("Only Hollybank", "only hollybank", None),
    ("Www Hollybank Co Uk", "hollybank", None),
    ("Hollybank & Co UK Ltd", "hollybank and co uk", "ltd"),
    ("Leeds Teaching FT", "leeds teaching", "nhs"),
    ("Hollybank Health Foundation Trus", "hollybank health", "nhs"),
    ("Hollybank Foundation Trust", "hollybank foundation trust", None),  # a charity
    ("Hollybank NHS Founadtion Trust", "hollybank", "nhs"),
    ("Hollybank MH NHS FT", "hollybank mental health", "nhs"),
    ("Hollybank NHS Trust Finance", "hollybank", "nhs"),
    ("Hollybank Borough Council Ratestax", "hollybank borough council", None),
    ("Hollybank J & I School", "hollybank primary school", None),
    ("Hollybank Junior and Infant and Nursery School", "hollybank primary school", None),
    ("Hollybank Infant School", "hollybank infant school", None),
    ("NHS Hollybank Clinical Commissioning Group", "nhs hollybank ccg", None),
]


@pytest.mark.parametrize(("raw", "exact", "legal"), RULES)
def test_each_rule_reads_its_example(raw: str, exact: str, legal: str | None) -> None:
    name = normalise(raw)
    assert (name.exact, name.legal) == (exact, legal)


ALIASES = [
    ("Moor Foods Ltd T/A Hollybank Catering", AliasKind.TRADING_AS, "hollybank catering"),
    ("Moor Foods Ltd trading as Hollybank Catering", AliasKind.TRADING_AS, "hollybank catering"),
    ("Moor Foods Ltd TA Hollybank Catering", AliasKind.TRADING_AS, "hollybank catering"),
    ("Moor Foods Ltd (t/as Hollybank Catering)", AliasKind.TRADING_AS, "hollybank catering"),
    ("Moor Foods Ltd (formerly Hollybank Catering Ltd)", AliasKind.FORMERLY, "hollybank catering"),
    ("Moor Foods Ltd c/o Hollybank Finance", AliasKind.CARE_OF, "hollybank finance"),
    ("Moor Foods Ltd via Hollybank Procurement", AliasKind.VIA, "hollybank procurement"),
    ("Moor Foods Ltd re Hollybank Catering", AliasKind.REGARDING, "hollybank catering"),
]


@pytest.mark.parametrize(("raw", "kind", "exact"), ALIASES)
def test_a_second_name_is_an_alias_of_its_kind(raw: str, kind: AliasKind, exact: str) -> None:
    name = normalise(raw)
    assert (name.exact, name.legal) == ("moor foods", "ltd")
    assert [(alias.kind, alias.name.exact) for alias in name.aliases] == [(kind, exact)]


def test_the_letters_ta_between_two_names_are_a_marker_and_in_a_name_they_are_not() -> None:
    assert [alias.name.exact for alias in normalise("Moor Foods TA Hollybank Catering").aliases] == ["hollybank catering"]
    assert not normalise("L & TA Hollybank Ltd").aliases


def test_only_trading_former_and_short_names_are_the_suppliers_own() -> None:
    assert {kind for kind in AliasKind if kind.is_own_name} == {AliasKind.TRADING_AS, AliasKind.FORMERLY, AliasKind.IN_SHORT}


IN_SHORT = [
    ("London Borough of Hollybank", "hollybank council"),
    ("LB Hollybank Council", "hollybank council"),
    ("Royal Borough of Hollybank", "hollybank council"),
    ("Hollybank MBC", "hollybank council"),
    ("City of Hollybank", "hollybank council"),
    ("West Hollybank Borough", "west hollybank council"),
    ("University of Hollybank", "hollybank university"),
    ("Institute of Hollybank (IOH)", "institute hollybank"),
    ("MHL Moor Hollybank Leeds", "moor hollybank leeds"),
    ("NHS Hollybank CCG", "hollybank ccg"),
    ("Hollybank Teaching Hospital NHS FT", "hollybank hospitals"),
    ("Hollybank NHS Trust", "hollybank hospitals"),
    ("Hollybank Ambulance Service NHS Trust", "hollybank ambulance"),
]


@pytest.mark.parametrize(("raw", "loose"), IN_SHORT)
def test_a_public_body_and_a_name_beside_its_initials_are_also_read_in_short(raw: str, loose: str) -> None:
    assert [(alias.kind, " ".join(alias.name.loose)) for alias in normalise(raw).aliases] == [(AliasKind.IN_SHORT, loose)]


@pytest.mark.parametrize(
    "raw",
    [
        "Hollybank Council",
        "Hollybank County",
        "Borough",
        "City of Hollybank College",
        "Arts Council",
        "SJ Sid Jones",
        "Leeds Care NHS Trust",
        "Hollybank Ambulance",
    ],
)
def test_nothing_is_read_in_short_that_says_no_more(raw: str) -> None:
    assert not normalise(raw).aliases


@pytest.mark.parametrize("raw", ["Re Today Services", "Via East Midlands", "Formerly Yours"])
def test_a_marker_in_front_belongs_to_the_name(raw: str) -> None:
    assert normalise(raw).exact == raw.lower()
    assert not normalise(raw).aliases


def test_care_of_with_nobody_before_it_falls_away() -> None:
    assert normalise("C/O Hollybank Legal").exact == "hollybank legal"


def test_loose_words_are_written_out_and_little_words_left_out() -> None:
    assert normalise("The Agcy. of Hollybank Mgmt Svcs").loose == ("agency", "hollybank", "management", "services")
    assert normalise("B & M Maint").loose == ("bm", "maintenance")
    assert normalise("Hollybank Pre-School").loose == ("hollybank", "preschool")
    assert normalise("W Yorks Police").loose == ("west", "yorkshire", "police")
    assert normalise("W Bradford").loose == ("w", "bradford")


def test_services_and_group_stay_in_the_exact_name() -> None:
    assert len({normalise(f"Hollybank {word} Ltd").exact for word in ("Services", "Group", "Holdings", "")}) == 4


def test_abbreviations_lead_to_words_in_full_in_one_step() -> None:
    table = abbreviations()
    with (files("suppliers.matching") / "data" / "abbreviations.csv").open(encoding="utf-8") as file:
        shorts = [row["short"] for row in csv.DictReader(file)]
    assert shorts == sorted(set(shorts))
    assert not {word for full in table.values() for word in full.split()} & (table.keys() | LEGAL_FORMS.keys())


@pytest.mark.parametrize("raw", ["", "   ", "???", "\x00", "—"])
def test_a_name_without_letters_has_no_words(raw: str) -> None:
    assert (normalise(raw).exact, normalise(raw).loose) == ("", ())


def test_what_is_past_the_limit_is_not_read() -> None:
    assert normalise("a" * LONGEST + "b" * 10_000) == normalise("a" * LONGEST)


@given(st.text(max_size=400))
def test_any_text_has_a_name_of_plain_lower_case_words(raw: str) -> None:
    name = normalise(raw)
    for reading in (name, *(alias.name for alias in name.aliases)):
        assert reading.exact == " ".join(reading.exact.split())
        assert all(
            word.isascii() and word.isalnum() and word == word.lower() for word in (*reading.exact.split(), *reading.loose)
        )
        assert len(reading.exact) <= 2 * LONGEST


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=80))
def test_case_and_white_space_do_not_matter(raw: str) -> None:
    assert normalise(raw.upper()).exact == normalise(f"  {raw.lower()} ").exact


@given(
    st.lists(
        st.sampled_from(["moor", "foods", "ltd", "the", "and", "of", "services", "st", "b", "bankltd", "bankltdltd"]),
        min_size=1,
        max_size=6,
    )
)
def test_reading_a_normalised_name_again_changes_nothing(words: list[str]) -> None:
    exact = normalise(" ".join(words)).exact
    assert normalise(exact).exact == exact
