"""The given cases of the rules: clock (C), dates (D) and attainment (A), each by its number."""

from pathlib import Path
from typing import Final

import pytest

from contracts.cases import cases
from contracts.cases.cases import Case
from tests.given.checkout import ROOT

FILES: Final = ("clock", "dates", "attain")

pytestmark = pytest.mark.pure


def cases_in(name: str) -> list[Case]:
    lines = Path(ROOT / f"tests/data/sla/{name}.jsonl").read_bytes().splitlines()
    return [cases.case_of(line) for line in lines]


@pytest.mark.parametrize("case", [case for name in FILES for case in cases_in(name)], ids=lambda case: f"{case.id} {case.kind}")
def test_the_answer_is_the_one_expected(case: Case) -> None:
    assert case.expected is not None
    answer = cases.answer(case)
    assert cases.differences(case.expected, answer) == []
    if "error" in case.expected:
        assert answer["sentence"].endswith((".", "?")), "a refusal is a sentence"
    elif case.function == "contract_dates":
        for name, sentence in answer["why"].items():
            assert answer[name], f"{name} has a reason, so it has a day"
            assert sentence.endswith(".")


def test_no_case_went_missing() -> None:
    assert {name: len(cases_in(name)) for name in FILES} == {"clock": 126, "dates": 88, "attain": 65}
