"""``vouch trail …``: the tools of whoever looks after the trails."""

import sys

import click

from audit import fsck
from web import terminal


@click.group()
def trail() -> None:
    """Check audit trails."""


@trail.command(name="fsck")
@terminal.json_option
def check_all(*, as_json: bool) -> None:
    """Recompute every trail; exit status 1 when one of them does not hold."""
    verdicts = terminal.run(_check_all)
    bad = [verdict.finding for verdict in verdicts if verdict.finding]
    entries = sum(verdict.entries for verdict in verdicts)
    facts = {
        "trails": len(verdicts),
        "entries": entries,
        "findings": [{"trail": f.trail, "idx": f.idx, "what": f.what} for f in bad],
    }
    terminal.answer(facts, "\n".join([*map(_words, bad), _summary(len(verdicts), entries, len(bad))]), as_json=as_json)
    sys.exit(1 if bad else 0)


async def _check_all() -> list[fsck.Verdict]:
    names = await fsck.trails()
    return [await fsck.check(name) for name in terminal.with_progress(names, doing="Checking trails")]


def _words(finding: fsck.Finding) -> str:
    where = "" if finding.idx is None else f", entry {finding.idx}"
    return f"Trail {finding.trail}{where}: {finding.what}."


def _summary(trails: int, entries: int, bad: int) -> str:
    if bad:
        return f"Trails that do not hold: {bad} of {trails}."
    return f"Every trail holds ({trails}): {entries:,} entries recomputed."
