"""``vouch trail …``: the tools of whoever looks after the trails."""

import sys
from functools import partial

import click

from audit.log import fsck
from audit.seals import commands
from audit.verifier import commands as verify_commands
from web import terminal


@click.group()
def trail() -> None:
    """Check audit trails."""


for command in commands.COMMANDS:
    trail.add_command(command)
trail.add_command(verify_commands.verify)


@trail.command(name="fsck")
@click.option("--trail", "only", metavar="ID", help="Only this trail: a school's id, or operator.")
@terminal.json_option
def check_all(*, only: str | None, as_json: bool) -> None:
    """Recompute every trail; exit status 1 when one of them does not hold."""
    verdicts, stray = terminal.run(partial(_check_all, only))
    bad = [finding for finding in (*(verdict.finding for verdict in verdicts), stray) if finding]
    entries = sum(verdict.entries for verdict in verdicts)
    facts = {
        "trails": len(verdicts),
        "entries": entries,
        "findings": [{"trail": f.trail, "idx": f.idx, "what": f.what} for f in bad],
    }
    terminal.answer(facts, "\n".join([*map(_words, bad), _summary(len(verdicts), entries, len(bad))]), as_json=as_json)
    sys.exit(1 if bad else 0)


async def _check_all(only: str | None) -> tuple[list[fsck.TrailVerdict], fsck.Finding | None]:
    names = await fsck.trails()
    if only is not None and only not in names:
        raise click.UsageError(f"There is no trail {only}.")  # exit status 2: nothing was checked
    sizes = await fsck.sizes()
    chosen = names if only is None else (only,)
    with terminal.progress("Recomputing entries", sum(sizes.get(name, 0) for name in chosen)) as done:
        verdicts = [await fsck.check(name, on_progress=done) for name in chosen]
    return verdicts, await fsck.strays() if only is None else None


def _words(finding: fsck.Finding) -> str:
    if not finding.trail:
        return f"No trail: {finding.what}."
    where = "" if finding.idx is None else f", entry {finding.idx + 1}"
    return f"Trail {finding.trail}{where}: {finding.what}."


def _summary(trails: int, entries: int, bad: int) -> str:
    if bad:
        return f"Something does not hold in {entries:,} entries of {trails} trails: see above."
    return f"Every trail holds ({trails}): {entries:,} entries recomputed."
