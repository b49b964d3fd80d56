"""Tells Piccolo which tables and migrations belong to sharing/: those that several rooms read, and those of one room."""

from pathlib import Path
from typing import Final

from piccolo.conf.apps import AppConfig

from sharing import tables
from sharing.accounts import tables as accounts
from sharing.members import tables as members
from sharing.people import tables as people
from sharing.sign_in.tables import ApiKeyUse, SecurityEvent
from sharing.two_people import tables as two_people

TABLES: Final = (
    *tables.TABLES,
    *members.TABLES,
    *two_people.TABLES,
    *accounts.TABLES,
    *people.TABLES,
    ApiKeyUse,
    SecurityEvent,
)

APP_CONFIG = AppConfig(
    app_name="sharing",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=list(TABLES),
)
