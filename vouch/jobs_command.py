"""``vouch jobs run-due``: what has to be done from time to time, once, for cron."""

import sys
from dataclasses import asdict

import click

from base import settings
from vouch import jobs
from vouch.jobs import JobsDone
from web import terminal


@click.group("jobs")
def jobs_group() -> None:
    """What has to be done from time to time, for cron."""


@jobs_group.command("run-due")
@click.option("--now", is_flag=True, help="Remind people at any hour, not only from 8am to 5pm, Monday to Friday.")
@terminal.json_option
def run_due(*, now: bool, as_json: bool) -> None:
    """Seal, remind people, send mail, forget old mail: once. Exit status 1 when a part fails; the next run tries again."""
    done = terminal.run(lambda: jobs.run_due(at_any_hour=now))
    terminal.answer(asdict(done), _done(done), as_json=as_json)
    sys.exit(1 if done.failed or done.refused or done.doubted else 0)


def _has_witnesses() -> bool:
    return settings.current().witnesses is not None


def _done(done: JobsDone) -> str:
    parts = [
        f"Trails named: {done.named:,}",
        f"sealed: {done.sealed:,}",
        f"refused: {done.refused:,}",
        *([f"seen by witnesses: {done.seen:,}, not yet: {done.unseen:,}, doubted: {done.doubted:,}"] if _has_witnesses() else []),
        *([f"time-stamped: {done.stamped:,}, not yet: {done.unstamped:,}"] if settings.current().tsa else []),
        f"letters written: {done.written:,}",
        f"told of erasures that wait: {done.told:,}",
        f"people reminded: {done.reminded:,}",
        f"sent: {done.sent:,}",
        f"waiting: {done.waiting:,}",
        f"forgotten: {done.forgotten:,}",
        *([f"found by the check of the night: {done.found:,}"] if done.found else []),
    ]
    failed = f" Failed: {', '.join(done.failed)}; the log says why." if done.failed else ""
    return ", ".join(parts) + "." + failed
