"""``vouch trail fsck``."""

import sys
from functools import partial

import click

from audit.checking import checkpointed, questions
from audit.checking.questions import Answer
from audit.log import fsck
from audit.log.fsck import Finding
from base.refusals import CouldNotLook
from web import terminal


@click.command(name="fsck")
@click.option("--trail", "only", metavar="ID", help="Only this trail: a school's id, or operator.")
@click.option("--resume", "is_resumed", is_flag=True, help="Go on after the last whole trail of a run that was stopped.")
@terminal.json_option
def check_all(*, only: str | None, is_resumed: bool, as_json: bool) -> None:
    """Ask of every trail whether it holds; exit status 1 when something does not, 2 when it could not be asked."""
    answers, others = _asked(only, is_resumed=is_resumed)
    bad = [*(finding for answer in answers for finding in answer.findings), *others]
    entries, unasked = sum(answer.entries for answer in answers), questions.unasked()
    facts = {
        "trails": len(answers),
        "entries": entries,
        "findings": [{"trail": f.trail, "idx": f.idx, "what": f.what} for f in bad],
        "unasked": unasked,
        "remarks": [{"trail": answer.trail, "what": what} for answer in answers for what in answer.remarks],
    }
    remarks = [f"Trail {answer.trail}: {what}" for answer in answers for what in answer.remarks]
    lines = [*map(_words, bad), *remarks, *unasked, _summary(len(answers), entries, len(bad))]
    terminal.answer(facts, "\n".join(lines), as_json=as_json)
    sys.exit(1 if bad else 0)


def _asked(only: str | None, *, is_resumed: bool) -> tuple[list[Answer], tuple[Finding, ...]]:
    """Raises CouldNotLook: a database that is away is not to look like a trail that was altered."""
    try:
        return terminal.run(partial(_check_all, only, is_resumed=is_resumed))
    except click.ClickException:
        raise
    except Exception as error:
        raise CouldNotLook(error) from error


async def _check_all(only: str | None, *, is_resumed: bool) -> tuple[list[Answer], tuple[Finding, ...]]:
    names = await questions.trails()
    if only is not None and only not in names:
        raise click.UsageError(f"There is no trail {only}.")  # exit status 2: nothing was checked
    sizes = await fsck.sizes()
    chosen = names if only is None else (only,)
    with terminal.progress("Recomputing entries", sum(sizes.get(name, 0) for name in chosen)) as done:
        if only is not None:
            return [await questions.of_trail(only, on_progress=done)], await questions.of_rules()
        run = checkpointed.answers(checkpointed.BY_HAND, chosen, is_resumed=is_resumed, on_progress=done)
        answers = [answer async for answer in run]
    return answers, await questions.of_installation()


def _words(finding: Finding) -> str:
    if not finding.trail:
        return f"No trail: {finding.what}."
    where = "" if finding.idx is None else f", entry {finding.idx + 1}"
    return f"Trail {finding.trail}{where}: {finding.what}."


def _summary(trails: int, entries: int, bad: int) -> str:
    if bad:
        return f"Something does not hold in {entries:,} entries of {trails} trails: see above."
    return f"Every trail holds ({trails}): {entries:,} entries recomputed."
