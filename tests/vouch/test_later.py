"""Commands are imported when they are called, and help that imports none of them says what they say."""

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from tests.given.checkout import FLOORS, ROOT
from tests.given.command import commands_of
from tests.given.patience import PATIENCE
from vouch import cli
from vouch.later import NEW, LaterGroup, all_of_it_stays

pytestmark = pytest.mark.pure

WORKERS = ("base.spreadsheets.reading_worker", "contracts.register_rows.register_worker", "suppliers.lists.duplicates_worker")


def groups(group: LaterGroup) -> Iterator[LaterGroup]:
    yield group
    for command in group.commands.values():
        if isinstance(command, LaterGroup):
            yield from groups(command)


@pytest.mark.parametrize("group", list(groups(cli.vouch)), ids=lambda group: group.name)
def test_the_line_of_a_command_is_the_first_sentence_of_its_help(group: LaterGroup) -> None:
    commands = commands_of(group)
    assert {name: one.line for name, one in group.later.items()} == {
        name: commands[name].get_short_help_str(limit=1_000) for name in group.later
    }
    assert all(commands[name].name == name for name in group.later)


def loaded_with(*modules: str) -> set[str]:
    """The names at the top of all that a process has which imports these."""
    code = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=PATIENCE)
    return {name.partition(".")[0] for name in answer.stdout.split()}


def test_the_command_itself_starts_without_a_room_or_a_framework() -> None:
    assert loaded_with("vouch.cli") & {*FLOORS, "asyncio", "litestar", "piccolo", "rich"} == {"base", "vouch"}


def test_a_child_that_reads_a_file_starts_without_the_database() -> None:
    loaded = loaded_with(*WORKERS)
    assert not loaded & {"database", "piccolo", "litestar", "structlog", "xlsxwriter", "asyncio", "multiprocessing"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["dedupe"], "It is: vouch suppliers dedupe."),
        (["suppliers", "match"], "It is: vouch match."),
        (["dedup"], "No such command"),
    ],
)
def test_a_command_that_lies_elsewhere_is_told_where(typed: list[str], said: str) -> None:
    answer = CliRunner().invoke(cli.vouch, typed, prog_name="vouch")
    assert (answer.exit_code, said in answer.output) == (2, True)


def test_what_comes_after_a_start_is_looked_through_less_often_than_python_would() -> None:
    before = gc.get_threshold()
    try:
        gc.set_threshold(700)
        with all_of_it_stays():
            pass
        assert gc.get_threshold()[0] == NEW
    finally:
        gc.set_threshold(*before)
