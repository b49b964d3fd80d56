"""`vouch migrate` makes an installation ready to serve, `vouch check` says whether it is."""

from contextlib import suppress
from dataclasses import asdict

import click
from asyncpg import InsufficientPrivilegeError

from audit.witnesses import known_logs
from base import emails, mail, settings
from base.settings import SettingsError
from database import migrations
from database.postgres_roles import RolesOutcome
from suppliers.index import rebuilding
from vouch import fitness
from web import terminal


@click.command()
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
    ran, advice = terminal.finish(in_database())
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


@click.command()
@click.option("--deep", is_flag=True, help="SQLite: compare each index with its table too, which takes a few times as long.")
@click.option(
    "--mail", "mail_to", metavar="ADDRESS", help="Send one letter there at once, too, and say what the mail server said."
)
@terminal.json_option
def check(*, deep: bool, mail_to: str | None, as_json: bool) -> None:
    """Say whether this installation can start, and what to look at: settings, database, room, key, clock."""
    chosen = settings.current()
    known_logs.current()  # a file that can't be used stops a start

    async def in_database() -> tuple[str | None, str | None, list[str]]:
        await fitness.refuse_damage(chosen, deep=deep)
        async with terminal.opened():
            if not await migrations.is_current():
                raise SettingsError("The database is not ready for this version of Vouch. Run: vouch migrate")
            await fitness.refuse_unwritable()
            return await migrations.serving_risk(), await rebuilding.advice(), await fitness.warnings(chosen)

    risk, advice, warnings = terminal.finish(in_database())
    if mail_to is not None:
        terminal.finish(mail.try_out(emails.address(mail_to)))
    engine = "SQLite" if chosen.is_sqlite else "PostgreSQL"
    words = [f"Ready to serve {chosen.origin} from {engine}.", *filter(None, [risk, advice]), *warnings]
    words += [] if mail_to is None else ["The mail server took a letter. Look whether it arrived, and not as junk."]
    facts = {"origin": chosen.origin, "engine": engine, "risk": risk, "advice": advice, "warnings": warnings}
    facts |= {} if mail_to is None else {"letter_to": mail_to}
    terminal.answer(facts, "\n".join(words), as_json=as_json)
