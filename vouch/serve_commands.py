"""`vouch serve` and `vouch demo`."""

import os
from dataclasses import asdict
from pathlib import Path

import click

from audit.seals import keys, sealing
from base import settings
from base.settings import Settings
from vouch import serving
from vouch.serving import Announcement
from web import terminal


@click.command()
@terminal.json_option
def serve(*, as_json: bool) -> None:
    """Serve the pages and the API until Ctrl-C."""
    serving.serve(settings.current(), serving.first_account, as_json=as_json)


@click.command()
@click.option("--reset", is_flag=True, help="Build the town anew: what you changed in it is gone.")
@terminal.json_option
def demo(*, reset: bool, as_json: bool) -> None:
    """Serve a fictional town to try Vouch in, with a database of its own, to this computer only."""
    serving.serve(_demo_settings(), _demo_town, as_json=as_json, anew=reset)


def _demo_settings() -> Settings:
    """The environment's settings without what could reach a real installation; another host than this computer is refused."""
    for name in ("VOUCH_DATABASE_URL", "VOUCH_ORIGIN", "VOUCH_KEYS", "VOUCH_SMTP"):
        os.environ.pop(name, None)
    os.environ["VOUCH_DEMO"] = "1"
    os.environ["VOUCH_DATA"] = str(Path(os.environ.get("VOUCH_DATA", "data"), "demo"))
    os.environ.setdefault("VOUCH_LOG", "console")
    return settings.current()


async def _demo_town() -> Announcement:
    import demo  # noqa: PLC0415 - nothing of the demo town is even loaded in a real installation

    accounts = await demo.build()
    if own := await keys.signing():
        async for _ in sealing.seal_in_batches(await sealing.all_trails(), own):
            pass  # a visitor of the first minute finds what the hourly job makes
    rows = [(a.email, a.password, f"{a.role.words}: {a.shows}") for a in accounts]
    email, password = (max((len(row[column]) for row in rows), default=0) for column in (0, 1))
    lines = [f"  {row[0]:{email}}  {row[1]:{password}}  {row[2]}" for row in rows]
    return {"people": [asdict(a) for a in accounts]}, "\n".join(["A fictional town. Sign in as:", *lines, ""])
