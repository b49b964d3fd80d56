"""Tells Piccolo which tables and migrations belong to sharing/: those that several rooms read, and those of one room."""

from pathlib import Path
from typing import Final

from piccolo.conf.apps import AppConfig

from sharing import tables
from sharing.people import tables as people_tables
from sharing.sign_in.tables import ApiKeyUse, SecurityEvent

TABLES: Final = (*tables.TABLES, *people_tables.TABLES, ApiKeyUse, SecurityEvent)

APP_CONFIG = AppConfig(
    app_name="sharing",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=list(TABLES),
)
