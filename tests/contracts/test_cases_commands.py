"""`vouch sla check`, as somebody with a file of cases uses it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.given.checkout import ROOT
from vouch.cli import vouch

pytestmark = pytest.mark.pure

CLOCK = ROOT / "tests/data/sla/clock.jsonl"
A_CASE = json.loads(CLOCK.read_text(encoding="utf-8").splitlines()[0])


def check(file: Path | str, *options: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(vouch, ["sla", "check", str(file), *options], input=given)


def written(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines) + b"\n")
    return path


def test_the_given_cases_agree() -> None:
    for name, count in (("clock", 126), ("dates", 88), ("attain", 65)):
        result = check(ROOT / f"tests/data/sla/{name}.jsonl")
        assert result.exit_code == 0
        assert result.stdout.splitlines()[-1] == f"{count} of {count} agree"


def test_a_difference_is_one_line_and_exit_status_1(tmp_path: Path) -> None:
    wrong = A_CASE | {"expected": A_CASE["expected"] | {"verdict": "missed", "due": "2025-10-07T12:00:00Z"}}
    result = check(written(tmp_path, wrong))
    assert result.exit_code == 1  # the due instant is the same one, written in another zone
    assert result.stdout.splitlines() == [
        'cd001 same_day: verdict is "met", expected "missed"',
        "same_day: 0 of 1 agree",
        "0 of 1 agree",
    ]


def test_answers_are_one_line_of_json_each_and_a_refusal_is_one(tmp_path: Path) -> None:
    refused = {"id": 7, "fn": "judge", "input": {}}
    result = check(written(tmp_path, A_CASE, refused), "--answers")
    assert result.exit_code == 0
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["id"], first["output"]["verdict"]) == ("cd001", "met")
    assert (second["id"], second["output"]["error"]) == (7, "bad_calendar")
    assert second["output"]["sentence"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[]", "is not a JSON object"),
        ({"fn": "judge", "input": {}}, "has no id"),
        ({"id": "a", "fn": "guess", "input": {}}, "has no fn that is one of judge, contract_dates, attain"),
        ({"id": "a", "fn": ["judge"], "input": {}}, "has no fn that is one of judge, contract_dates, attain"),
        ({"id": "a", "fn": "judge", "input": {}, "expected": 3}, "expects something that is not a JSON object"),
        (b'{"id": "a", "fn": "judge", "input": "' + b"x" * 1_000_000 + b'"}', "is longer than 1,000,000 bytes"),
    ],
)
def test_a_line_that_is_no_case_is_said_and_the_rest_go_on(tmp_path: Path, line: object, reason: str) -> None:
    result = check(written(tmp_path, line, A_CASE))
    assert result.exit_code == 2
    assert result.stderr == f"Line 1 {reason}.\n"
    assert result.stdout.splitlines()[-1] == "1 of 1 agree"
    assert check(written(tmp_path, line, A_CASE), "--answers").exit_code == 2


def test_a_case_without_an_expectation_is_not_compared(tmp_path: Path) -> None:
    result = check(written(tmp_path, {key: value for key, value in A_CASE.items() if key != "expected"}), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "kinds": {"same_day": {"agree": 0, "differ": 0, "not_compared": 1}},
        "differing": [],
        "unreadable": [],
    }


def test_a_file_that_is_not_there_is_a_sentence_and_exit_status_2(tmp_path: Path) -> None:
    result = check(tmp_path / "none.jsonl")
    assert result.exit_code == 2
    assert result.stderr.endswith("none.jsonl can't be read: No such file or directory.\n")


def test_cases_can_come_from_standard_input() -> None:
    result = check("-", given=CLOCK.read_bytes())
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "126 of 126 agree")
