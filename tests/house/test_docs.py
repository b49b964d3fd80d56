"""The documentation is a test: what it names exists, what exists is named, and what it links to is there."""

import re
import shlex
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from base.viewer import Role
from suppliers.matching import matching
from suppliers.search import ranking
from tests.given.checkout import ROOT
from tests.given.command import commands_of
from tests.given.patience import PATIENCE
from vouch import __version__, cli

pytestmark = pytest.mark.pure

DOCS = ROOT / "docs"
COMMANDS = (DOCS / "reference" / "commands.md").read_text()
LARGEST_PICTURE = 300_000  # bytes
LONGEST_DECISION = 50  # lines: a page
# So spelt that this file names none of them.
MACHINE_OR_INDEX = re.compile(r"[/](?:work|root|home)/|[/]tmp/vouch|pypi[.]org|pythonhosted[.]org|npmjs[.]|crates[.]io")


def listed(*patterns: str) -> list[Path]:
    """The repository's files, those not yet committed included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in sorted(set(names)) if (ROOT / name).is_file()]


PAGES = listed("*.md")
DECISIONS = listed("docs/decisions/*.md")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def without_code(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def headings(text: str) -> list[str]:
    return re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)


def anchor(heading: str) -> str:
    """As the usual viewers of a repository make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def every_command(command: click.Command = cli.vouch, path: str = "vouch") -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name, below in commands_of(command).items():
        yield from every_command(below, f"{path} {name}")


def options(command: click.Command) -> set[str]:
    """Those that a command has beyond the ones that all have."""
    return {name for param in command.params for name in param.opts if name.startswith("--")} - {"--json"}


def section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", COMMANDS, re.MULTILINE | re.DOTALL)
    assert found, f"docs/reference/commands.md has no section {title}"
    return found[1]


def commands_shown() -> Iterator[tuple[str, str]]:
    """(page, line) of everything in a code block that starts Vouch."""
    for page in PAGES:
        for line in page.read_text().splitlines():
            shown = re.match(r"^(?: {4})?((?:\./run|vouch)(?: .*)?)$", line)
            if shown and line.startswith(("    ", "./run")):
                yield named(page), shown[1]


def is_known(words: list[str]) -> bool:
    """That these words after `vouch` lead to a command which takes the options among them."""
    command: click.Command = cli.vouch
    while words and isinstance(command, click.Group) and words[0] in commands_of(command):
        command = commands_of(command)[words.pop(0)]
    asked = {word for word in words if word.startswith("-")}
    return not isinstance(command, click.Group | None) and asked <= options(command) | {"--json", "--help", "-h"}


def run_words() -> set[str]:
    """The words that ./run takes for itself, from what it says of them."""
    usage = subprocess.run(["sh", "run", "--help"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=PATIENCE).stdout
    return set(re.findall(r"^\./run ([a-z]+)", usage, re.MULTILINE))


def test_the_page_of_commands_tells_every_command_and_no_other() -> None:
    told = {title for title in headings(COMMANDS) if title.startswith("vouch ")}
    assert told == {path for path, _ in every_command()}


@pytest.mark.parametrize(("path", "command"), [pytest.param(*found, id=found[0]) for found in every_command()])
def test_the_page_of_commands_tells_every_option_and_no_other(path: str, command: click.Command) -> None:
    assert set(re.findall(r"^\| `(--[a-z-]+)", section(path), re.MULTILINE)) == options(command)


@pytest.mark.parametrize("path", [path for path, _ in every_command()])
def test_every_command_explains_itself(path: str) -> None:
    answer = CliRunner().invoke(cli.vouch, [*path.split()[1:], "--help"])
    assert (answer.exit_code, answer.output.splitlines()[0].startswith("Usage: ")) == (0, True)


def test_the_page_of_commands_tells_every_word_of_run() -> None:
    told = set(re.findall(r"^\| `\./run ([a-z]+)", section("./run"), re.MULTILINE))
    assert told - {"help", "vouch"} == run_words() - {"vouch"}


@pytest.mark.parametrize(("page", "line"), tuple(commands_shown()))
def test_a_command_in_a_code_block_can_be_typed(page: str, line: str) -> None:
    start, *words = shlex.split(line, comments=True)
    if start == "./run" and words[:1] == ["bench"]:
        assert words[1] == "NAME" or (ROOT / "bench" / f"{words[1]}.py").is_file()
    elif start == "./run" and words[:1] != ["vouch"] and (not words or words[0] in run_words()):
        assert len(words) < 2 or words[0] == "test"
    else:
        words = words[1:] if words[:1] == ["vouch"] else words
        assert words == ["--help"] or is_known(words), f"{page}: {line}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text())):
        if re.match(r"https?://", target):
            continue
        path, _, fragment = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{target} is not there"
        if fragment:
            assert fragment in map(anchor, headings(there.read_text())), f"{target} names no heading"


def test_every_page_can_be_reached_from_the_index() -> None:
    index = DOCS / "README.md"
    linked = {(DOCS / target.partition("#")[0]).resolve() for target in re.findall(r"\]\(([^)\s]+)\)", index.read_text())}
    assert [named(page) for page in PAGES if page.is_relative_to(DOCS) and page not in {*linked, index}] == []


def test_pictures_have_a_description_and_are_small() -> None:
    shown = [(alt, page.parent / path) for page in PAGES for alt, path in re.findall(r"!\[(.*?)\]\((.+?)\)", page.read_text())]
    assert shown
    assert [path for alt, path in shown if not alt or path.stat().st_size > LARGEST_PICTURE] == []


def test_no_file_names_a_machine_or_a_package_index() -> None:
    found = []
    for path in listed():
        content = path.read_bytes()
        text = content.decode("utf-8", "replace") if b"\x00" not in content[:8_000] else ""
        found += [(named(path), word) for word in MACHINE_OR_INDEX.findall(text)]
    assert found == []


@pytest.mark.parametrize("page", DECISIONS, ids=named)
def test_a_decision_has_its_four_parts_on_one_page(page: Path) -> None:
    text = page.read_text()
    number = int(page.name[:4])
    assert re.match(rf"# {number}\. .+\n\nStatus: (proposed|accepted|replaced by \d+), [A-Z][a-z]+ \d{{4}}\n", text)
    assert headings(text)[1:] == ["Context", "Decision", "Consequences"]
    assert len(text.splitlines()) <= LONGEST_DECISION


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_each_word_of_the_glossary_is_explained_once() -> None:
    entries = re.findall(r"^\*\*(.+?)\*\*: (.+)$", (DOCS / "glossary.md").read_text(), re.MULTILINE)
    words = Counter(word.lower() for word, _ in entries)
    assert [word for word, times in words.items() if times > 1] == []
    assert {role.words for role in Role} <= set(words)
    assert len(re.findall(r"^\*\*", (DOCS / "glossary.md").read_text(), re.MULTILINE)) == len(entries)


def test_the_page_on_ranking_gives_the_numbers_in_use() -> None:
    page = (DOCS / "explanation" / "ranking.md").read_text().replace("−", "-")
    values = dict(re.findall(r"^\| (\d) \| (\S+) \|$", page, re.MULTILINE))
    assert {int(rating): float(value) for rating, value in values.items()} == ranking.RATING_VALUES
    assert f"(Σ weight + {ranking.DOUBT:g})" in page
    assert f"0.5 ^ (age / {round(ranking.HALF_LIFE.days / 30.4)} months)" in page
    assert f"| {ranking.USES_THEM:+} |" in page


def test_the_page_on_matching_tells_its_example_as_matching_does() -> None:
    page = (DOCS / "explanation" / "matching.md").read_text().replace("−", "-")
    match = matching.score(matching.candidate("Hollybank Catering (Leeds)"), matching.candidate("Hollybank Catering Ltd"))
    told = re.findall(r"^\| ([a-z ,:]+) \| (\S+) \|$", page, re.MULTILINE)
    assert [(words, float(weight)) for words, weight in told if words != "reason"] == [
        (reason.words, round(reason.log_odds, 1)) for reason in match.reasons
    ]
    assert f"a probability of {match.probability:.2f} | **{sum(reason.log_odds for reason in match.reasons):+.1f}**" in page
    assert f"| same | {matching.SAME} or more" in page
    assert f"| ask | {matching.ASK} or more" in page


def test_the_changelog_and_the_command_say_this_version() -> None:
    titles = headings((ROOT / "CHANGELOG.md").read_text())
    assert titles[:2] == ["Changelog", "[Unreleased]"]
    assert [title for title in titles if title.startswith("[")][1].startswith(f"[{__version__}] - ")
    assert CliRunner().invoke(cli.vouch, ["--version"], prog_name="vouch").output == f"vouch {__version__}\n"
