"""The `vouch` command: runs Vouch and looks after it. Each room's commands are in a module of its own.

What a person can mend is one sentence on stderr and exit status 1, never a traceback. Where 1 is a verdict, it is 2.
"""

import errno
import os
import sys
import traceback
from typing import Final, NoReturn

import click

from base.refusals import Busy, CouldNotLook, Refusal
from base.settings import SettingsError
from vouch import __version__
from vouch.later import Later, LaterGroup

# What is wrong with a file or a disk rather than with Vouch.
THEIRS_TO_MEND: Final = frozenset(
    {
        *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG),
        *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EMFILE, errno.ENFILE),
    }
)

FAILED: Final = 1
COULD_NOT_LOOK: Final = 2  # as the verifiers of packs say it

COMMANDS: Final = {
    "backup": Later(
        "backups.backup_command:backup", "Copy the whole database into the file TO, while everybody goes on working."
    ),
    "check": Later(
        "vouch.ready_commands:check",
        "Say whether this installation can start, and what to look at: settings, database, room, key, clock.",
    ),
    "contracts": Later("contracts.imports.commands:contracts_group", "Contracts with suppliers."),
    "demo": Later(
        "vouch.serve_commands:demo", "Serve a fictional town to try Vouch in, with a database of its own, to this computer only."
    ),
    "invite": Later("sharing.operator.commands:invite", "Print a one-time link with which somebody joins a school."),
    "jobs": Later("vouch.jobs_command:jobs_group", "What has to be done from time to time, for cron."),
    "letters": Later("notices.commands:letters_group", "Letters that remind people."),
    "match": Later(
        "suppliers.lists.commands:match", "Say of each pair of names in FILE how likely they are one supplier, and why."
    ),
    "migrate": Later(
        "vouch.ready_commands:migrate",
        "Bring the database to the shape that this version needs; on PostgreSQL give its roles what each may do.",
    ),
    "restore": Later(
        "backups.restore_command:restore",
        "Put the backup FROM in the place of the database; exit status 1 when a trail in it does not hold.",
        compares=True,
    ),
    "schools": Later("sharing.schools.commands:schools", "The school register."),
    "serve": Later("vouch.serve_commands:serve", "Serve the pages and the API until Ctrl-C."),
    "sla": Later("contracts.cases.commands:sla", "The clock that knows school terms, contract dates and attainment."),
    "take-in": Later(
        "disclosure.commands:take_in",
        "Take in the records of FILE, the JSON or zip of “Take everything with you”, at a school that has nothing yet.",
    ),
    "witness": Later("audit.witnesses.commands:witness", "This installation as a witness of other installations' seals."),
}
OF_PEOPLE: Final = {
    "data": Later("privacy.subject_access_commands:data", "Write a copy of what a school holds about a person, for that person."),
    "list": Later("sharing.operator.commands:list_people", "List the people of every school, or of one."),
    "new-password": Later(
        "sharing.operator.commands:new_password",
        "Print a one-time link with which somebody chooses a new password, for 24 hours unless a head keeps it.",
    ),
    "prove-address": Later(
        "sharing.operator.commands:prove_address", "Confirm that an address is somebody's, whom you asked in person."
    ),
}
OF_SUPPLIERS: Final = {
    "dedupe": Later("suppliers.lists.commands:dedupe_list", "Find the suppliers in FILE that are one."),
    "find-duplicates": Later(
        "suppliers.merging.commands:find_directory_duplicates",
        "Look for directory entries that may be the same, for the curator to decide at /directory/duplicates.",
    ),
    "import": Later(
        "suppliers.imports.commands:import_file",
        "Add the suppliers of FILE to the directory: an Excel workbook or a CSV, as it is, gzipped or zipped.",
    ),
    "link": Later(
        "suppliers.lists.link_command:link_lists", "Find for each supplier in FILE the one in OTHER that it is, or may be."
    ),
    "reindex": Later(
        "suppliers.index.commands:reindex", "Make the index that finds suppliers by their names anew, from their facts."
    ),
}
OF_TRAILS: Final = {
    "checkpoint": Later(
        "audit.seals.commands:checkpoint", "Seal every trail that has grown; exit status 1 when the signer refuses one."
    ),
    "export": Later("vouch.export_command:export", "Write the audit pack of SCHOOL (its URN or id)."),
    "fsck": Later(
        "audit.checking.commands:check_all",
        "Ask of every trail whether it holds; exit status 1 when something does not, 2 when it could not be asked.",
        compares=True,
    ),
    "keys": Later(
        "audit.seals.commands:list_keys",
        "Print the public keys that seals are checked with, newest first, each with its fingerprint.",
    ),
    "proof": Later(
        "audit.proven.commands:proof", "Write one entry of an audit pack, with its proof, to a file that is not there yet."
    ),
    "recover": Later(
        "audit.seals.commands:recover",
        "After a backup was restored: go on under a new origin where sealed entries are lost.",
    ),
    "rotate-key": Later("audit.seals.commands:rotate_key", "Replace the key that signs seals, and say so in every trail."),
    "scrub": Later("privacy.commands:scrub", "Rewrite the database's files without what was erased."),
    "verify": Later("audit.verifier.commands:verify", "Check an audit pack."),
    "verify-letters": Later("audit.letters.commands:verify_letters", "Check that each letter continues the one before."),
    "verify-proof": Later("audit.proven.commands:verify_proof", "Check a file that `vouch trail proof` wrote."),
}


def main() -> None:
    """The console script."""
    os.environ.setdefault("PICCOLO_CONF", "piccolo_conf")
    try:
        vouch(prog_name="vouch")
    except CouldNotLook as error:
        _end(error.why, COULD_NOT_LOOK)
    except Exception as error:  # noqa: BLE001 - told from what somebody can mend there, and raised again
        _end(error, FAILED)


def _end(error: Exception, status: int) -> NoReturn:
    """Ends with the sentence of what somebody can mend, or the traceback of what nobody foresaw."""
    said = _sentence(error)
    sys.stderr.write(f"{said}\n" if said else "".join(traceback.format_exception(error)))
    sys.exit(status)


def _sentence(error: Exception) -> str | None:
    if isinstance(error, Busy):
        return f"{error}{_cause(error)}"
    if isinstance(error, (Refusal, SettingsError)):
        return str(error)
    if isinstance(error, OSError) and error.errno in THEIRS_TO_MEND:
        return f"Vouch can't read or write {error.filename or 'a file'}: {error.strerror}.{_whose(error)}"
    return None


def _cause(error: Busy) -> str:
    from web.http.logs import named  # noqa: PLC0415 - no other ending needs what logs do

    return f" ({named(error.__cause__)})" if error.__cause__ else ""


def _whose(error: OSError) -> str:
    if error.errno not in (errno.EACCES, errno.EPERM):
        return ""
    return " Give it to the user that Vouch runs as; a command run once as root may have made it."


@click.group(cls=LaterGroup, later=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def vouch() -> None:
    """Suppliers that nearby and linked schools vouch for.

    Settings are VOUCH_* environment variables: docs/reference/settings.md.
    """


@vouch.group(cls=LaterGroup, later=OF_PEOPLE)
def people() -> None:
    """Who has an account."""


@vouch.group(cls=LaterGroup, later=OF_SUPPLIERS)
def suppliers() -> None:
    """The directory of suppliers."""


@vouch.group(cls=LaterGroup, later=OF_TRAILS)
def trail() -> None:
    """Check audit trails."""
