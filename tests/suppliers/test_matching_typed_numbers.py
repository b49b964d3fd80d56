"""What somebody may have meant who typed a number, or a web address, into a search."""

import pytest

from suppliers.matching.identifiers import Scheme
from suppliers.matching.typed_numbers import typed_numbers

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(("typed", "schemes"), [
    ("1234567", {Scheme.COMPANY_NUMBER, Scheme.CHARITY_NUMBER}),
    ("SC123456", {Scheme.COMPANY_NUMBER}),
    ("GB 980 7806 84", {Scheme.VAT_NUMBER}),
    ("company no. 01234567", {Scheme.COMPANY_NUMBER}), ("VAT GB 980 7806 84", {Scheme.VAT_NUMBER}),
    ("Tel: 0113 496 0000", {Scheme.PHONE}),
    ("0113 496 0000", {Scheme.PHONE}), ("fenland-boilers.example", {Scheme.DOMAIN}),
])  # fmt: skip
def test_one_number_may_be_several(typed: str, schemes: set[Scheme]) -> None:
    assert {scheme for scheme, _ in typed_numbers(typed).items()} >= schemes


@pytest.mark.parametrize("typed", ["2026", "3 14", "company", "no. 7", "Tapestry 2026", "boilers", "P.E. kit", "", "1" * 600])
def test_what_is_no_number_of_anybody_is_none(typed: str) -> None:
    assert typed_numbers(typed).items() == ()
