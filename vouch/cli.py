"""The `vouch` command: runs Vouch and looks after it. Each slice adds commands of its own.

What a person can mend is one sentence on stderr and exit status 1, never a traceback.
"""

import asyncio
import errno
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from asyncpg import InsufficientPrivilegeError

from audit.checking import commands as audit_commands
from audit.seals import keys, sealing
from audit.witnesses import commands as witness_commands
from backups import commands as backup_commands
from base import emails, mail, settings
from base.refusals import Busy, Refusal
from base.settings import Settings, SettingsError
from contracts.cases import commands as case_commands
from contracts.imports import commands as contract_commands
from database import migrations
from database.postgres_roles import RolesOutcome
from notices import commands as letter_commands
from privacy import commands as erasure_commands
from privacy import subject_access_commands
from sharing.operator import commands as people_commands
from sharing.schools import commands as sharing_commands
from suppliers.imports import commands as import_commands
from suppliers.index import commands as index_commands
from suppliers.index import rebuilding
from suppliers.lists import commands as list_commands
from suppliers.lists.link_command import link_lists
from suppliers.merging import commands as merging_commands
from vouch import __version__, export_command, fitness, jobs_command, serving
from vouch.serving import Announcement
from web import terminal
from web.http.logs import named

if TYPE_CHECKING:
    pass


# What is wrong with a file or a disk rather than with Vouch.
THEIRS_TO_MEND: Final = frozenset(
    {
        *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG),
        *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EMFILE, errno.ENFILE),
    }
)


def main() -> None:
    """The console script."""
    os.environ.setdefault("PICCOLO_CONF", "piccolo_conf")
    try:
        vouch(prog_name="vouch")
    except Busy as error:
        sys.exit(f"{error} ({named(error.__cause__)})" if error.__cause__ else str(error))
    except (Refusal, SettingsError) as error:
        sys.exit(str(error))
    except OSError as error:
        if error.errno not in THEIRS_TO_MEND:
            raise
        sys.exit(f"Vouch can't read or write {error.filename or 'a file'}: {error.strerror}.{_whose(error)}")


def _whose(error: OSError) -> str:
    if error.errno not in (errno.EACCES, errno.EPERM):
        return ""
    return " Give it to the user that Vouch runs as; a command run once as root may have made it."


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def vouch() -> None:
    """Suppliers that nearby and linked schools vouch for.

    Settings are VOUCH_* environment variables: docs/reference/settings.md.
    """


for command in (
    audit_commands.trail,
    witness_commands.witness,
    *backup_commands.COMMANDS,
    jobs_command.jobs_group,
    letter_commands.letters_group,
    sharing_commands.schools,
    *people_commands.COMMANDS,
    import_commands.suppliers,
    list_commands.match,
    case_commands.sla,
    contract_commands.contracts_group,
):
    vouch.add_command(command)
for command in (index_commands.reindex, merging_commands.find_directory_duplicates, list_commands.dedupe_list, link_lists):
    import_commands.suppliers.add_command(command)
audit_commands.trail.add_command(export_command.export)
people_commands.people_group.add_command(subject_access_commands.data)
audit_commands.trail.add_command(erasure_commands.scrub)


@vouch.command()
@terminal.json_option
def serve(*, as_json: bool) -> None:
    """Serve the pages and the API until Ctrl-C."""
    serving.serve(settings.current(), serving.first_account, as_json=as_json)


@vouch.command()
@click.option("--reset", is_flag=True, help="Build the town anew: what you changed in it is gone.")
@terminal.json_option
def demo(*, reset: bool, as_json: bool) -> None:
    """Serve a fictional town to try Vouch in, with a database of its own, to this computer only."""
    serving.serve(_demo_settings(), _demo_town, as_json=as_json, anew=reset)


@vouch.command()
@click.option("--serve-as", metavar="LOGIN", help="PostgreSQL: the login that serves, which may then change no trail.")
@terminal.json_option
def migrate(*, serve_as: str | None, as_json: bool) -> None:
    """Bring the database to the shape that this version needs; on PostgreSQL give its roles what each may do."""

    async def in_database() -> tuple[migrations.Migrated, str | None]:
        async with terminal.opened():
            ran = await migrations.migrate_with_roles(serve_as=serve_as)
            with suppress(InsufficientPrivilegeError):  # whoever migrates may not also write what the service writes
                await rebuilding.refresh(terminal.progress)
            return ran, await rebuilding.advice()

    if serve_as is not None and settings.current().is_sqlite:
        raise SettingsError("--serve-as is for PostgreSQL: SQLite has no roles.")
    ran, advice = asyncio.run(in_database())
    done = f"Done: {', '.join(ran.ids)}." if ran.ids else "There was nothing to do."
    roles = None if ran.roles is None else asdict(ran.roles)
    facts = {"ran": ran.ids, "roles": roles, "advice": advice}
    terminal.answer(facts, "\n".join([done, *_role_words(ran.roles), *filter(None, [advice])]), as_json=as_json)


def _role_words(roles: RolesOutcome | None) -> list[str]:
    if roles is None:
        return []
    if roles.sql:
        wanted = [f"{statement};" for statement in ("BEGIN", *roles.sql, "COMMIT")]
        return ["This role may not arrange who may do what. Let an administrator run this, in this database:", "", *wanted]
    if not roles.served:
        return [f"Nobody can log in as {roles.app} yet. Make a login for serving, and name it: vouch migrate --serve-as LOGIN"]
    return [f"{roles.owner} owns the tables; whoever serves as {roles.app} can't alter the trail."]


@vouch.command()
@click.option("--deep", is_flag=True, help="SQLite: compare each index with its table too, which takes a few times as long.")
@click.option(
    "--mail", "mail_to", metavar="ADDRESS", help="Send one letter there at once, too, and say what the mail server said."
)
@terminal.json_option
def check(*, deep: bool, mail_to: str | None, as_json: bool) -> None:
    """Say whether this installation can start, and what to look at: settings, database, room, key, clock."""
    chosen = settings.current()

    async def in_database() -> tuple[str | None, str | None, list[str]]:
        await fitness.refuse_damage(chosen, deep=deep)
        async with terminal.opened():
            if not await migrations.is_current():
                raise SettingsError("The database is not ready for this version of Vouch. Run: vouch migrate")
            await fitness.refuse_unwritable()
            return await migrations.serving_risk(), await rebuilding.advice(), await fitness.warnings(chosen)

    risk, advice, warnings = asyncio.run(in_database())
    if mail_to is not None:
        asyncio.run(mail.try_out(emails.address(mail_to)))
    engine = "SQLite" if chosen.is_sqlite else "PostgreSQL"
    words = [f"Ready to serve {chosen.origin} from {engine}.", *filter(None, [risk, advice]), *warnings]
    words += [] if mail_to is None else ["The mail server took a letter. Look whether it arrived, and not as junk."]
    facts = {"origin": chosen.origin, "engine": engine, "risk": risk, "advice": advice, "warnings": warnings}
    facts |= {} if mail_to is None else {"letter_to": mail_to}
    terminal.answer(facts, "\n".join(words), as_json=as_json)


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
