"""Tells Piccolo which tables and migrations belong to contracts/: those that several rooms read, and those of one room."""

from pathlib import Path
from typing import Final

from piccolo.conf.apps import AppConfig

from contracts import tables
from contracts.access import tables as access_tables
from contracts.attainment import tables as attainment_tables
from contracts.backing import tables as backing_tables
from contracts.changes import tables as change_tables
from contracts.documents import tables as document_tables
from contracts.endings import tables as ending_tables
from contracts.exceptions import tables as exceptions_tables
from contracts.imports import tables as import_tables
from contracts.improvement import tables as improvement_tables
from contracts.promises import tables as promise_tables
from contracts.reminders import tables as reminder_tables
from contracts.review import tables as review_tables
from contracts.service_events import tables as service_tables

TABLES: Final = (
    *tables.TABLES,
    *access_tables.TABLES,
    *change_tables.TABLES,
    *ending_tables.TABLES,
    *promise_tables.TABLES,
    *service_tables.TABLES,
    *document_tables.TABLES,
    *import_tables.TABLES,
    *attainment_tables.TABLES,
    *reminder_tables.TABLES,
    *improvement_tables.TABLES,
    *exceptions_tables.TABLES,
    *review_tables.TABLES,
    *backing_tables.TABLES,
)

APP_CONFIG = AppConfig(
    app_name="contracts",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=list(TABLES),
)
