"""`vouch sla check` puts cases to the rules: no database, no settings."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Final

import click

from contracts.cases import cases
from contracts.cases.cases import Case, Difference, Unreadable
from web import terminal

AGREES, DIFFERS, UNREADABLE = 0, 1, 2  # the exit status
PIECE: Final = 1 << 16  # of a line that is too long, read and dropped

FILE: Final = click.Path(dir_okay=False, allow_dash=True, path_type=Path)


@dataclass(slots=True)
class Counted:
    agree: int = 0
    differ: int = 0
    not_compared: int = 0


@dataclass(slots=True)
class Compared:
    """What came of a file of cases, by kind."""

    kinds: dict[str, Counted] = field(default_factory=lambda: defaultdict(Counted))
    differing: list[tuple[Case, list[Difference]]] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    @property
    def exit_status(self) -> int:
        return UNREADABLE if self.unreadable else DIFFERS if self.differing else AGREES


@click.group(name="sla")
def sla() -> None:
    """The clock that knows school terms, contract dates and attainment."""


@sla.command()
@click.argument("file", type=FILE)
@click.option("--answers", is_flag=True, help="Print what each case is answered, one line of JSON each, and compare nothing.")
@terminal.json_option
def check(*, file: Path, answers: bool, as_json: bool) -> None:
    """Put the cases of FILE to the rules of docs/reference/sla-rules.md, and compare.

    FILE has one JSON object a line: id, fn (judge, contract_dates or attain), input, and expected where there is something
    to compare with. "-" is standard input. Exit status 0: all agree; 1: some differ; 2: something could not be read.
    """
    compared = Compared()
    for case in terminal.with_progress(_cases(file, compared), doing="Judging"):
        answer = cases.answer(case)
        if answers:
            click.echo(json.dumps({"id": case.id, "output": answer}, ensure_ascii=False))
        else:
            _count(compared, case, cases.differences(case.expected, answer) if case.expected is not None else None)
            if not as_json and compared.differing and compared.differing[-1][0] is case:
                click.echo("\n".join(_lines(case, compared.differing[-1][1])))
    if not answers:
        terminal.answer(_facts(compared), _totals(compared), as_json=as_json)
    sys.exit(compared.exit_status)


def _cases(file: Path, compared: Compared) -> Iterator[Case]:
    """The file's cases; a line that is none is said on stderr, and the rest go on."""
    try:
        with click.open_file(str(file), "rb") as lines:
            for number, line in enumerate(_whole_lines(lines), 1):
                if line.strip():
                    try:
                        yield cases.case_of(line)
                    except Unreadable as reason:
                        _say(compared, f"Line {number} {reason}.")
    except OSError as error:
        _say(compared, f"{file} can't be read: {error.strerror}.")


def _whole_lines(lines: IO[bytes]) -> Iterator[bytes]:
    """Each line, as much of it as is needed to see that it is too long."""
    while line := lines.readline(cases.LONGEST_LINE + 2):
        yield line.rstrip(b"\r\n")
        while line and not line.endswith(b"\n"):
            line = lines.readline(PIECE)


def _say(compared: Compared, sentence: str) -> None:
    compared.unreadable.append(sentence)
    click.echo(sentence, err=True)


def _count(compared: Compared, case: Case, found: list[Difference] | None) -> None:
    counted = compared.kinds[case.kind]
    counted.not_compared += found is None
    counted.agree += found == []
    counted.differ += bool(found)
    if found:
        compared.differing.append((case, found))


def _lines(case: Case, found: list[Difference]) -> Iterator[str]:
    for each in found:
        yield f"{case.id} {case.kind}: {each.key} is {json.dumps(each.got)}, expected {json.dumps(each.expected)}"


def _totals(compared: Compared) -> str:
    every = compared.kinds.values()
    agree, differ, not_compared = (sum(getattr(each, name) for each in every) for name in ("agree", "differ", "not_compared"))
    lines = [f"{kind}: {each.agree} of {each.agree + each.differ} agree" for kind, each in sorted(compared.kinds.items())]
    lines.append(f"{agree} of {agree + differ} agree" + (f", {not_compared} had nothing to compare with" if not_compared else ""))
    return "\n".join(lines)


def _facts(compared: Compared) -> dict[str, object]:
    return {
        "kinds": {kind: asdict(each) for kind, each in sorted(compared.kinds.items())},
        "differing": [
            {"id": case.id, "kind": case.kind, "differences": list(map(asdict, found))} for case, found in compared.differing
        ],
        "unreadable": compared.unreadable,
    }
