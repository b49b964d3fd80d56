"""``vouch jobs run-due``: what has to be done from time to time, once, for cron."""

import sys
from dataclasses import asdict

import click

from vouch import jobs
from vouch.jobs import JobsDone
from web import terminal


@click.group("jobs")
def jobs_group() -> None:
    """What has to be done from time to time, for cron."""


@jobs_group.command("run-due")
@terminal.json_option
def run_due(*, as_json: bool) -> None:
    """Seal, send mail, forget old mail: once. Exit status 1 when a part fails; the next run tries again."""
    done = terminal.run(jobs.run_due)
    terminal.answer(asdict(done), _done(done), as_json=as_json)
    sys.exit(1 if done.failed or done.refused else 0)


def _done(done: JobsDone) -> str:
    parts = [
        f"Sealed: {done.sealed:,}",
        f"refused: {done.refused:,}",
        f"letters written: {done.written:,}",
        f"told of erasures that wait: {done.told:,}",
        f"sent: {done.sent:,}",
        f"waiting: {done.waiting:,}",
        f"forgotten: {done.forgotten:,}",
    ]
    failed = f" Failed: {', '.join(done.failed)}; the log says why." if done.failed else ""
    return ", ".join(parts) + "." + failed
