"""Tells Piccolo which tables and migrations belong to notices/."""

from pathlib import Path
from typing import Final

from piccolo.conf.apps import AppConfig

from notices.tables import Asked, Feed, Lease, Letter, LetterChoice, Looked, RefusedMailbox, Told, WaitingFeed

TABLES: Final = (LetterChoice, Letter, Told, RefusedMailbox, Lease, Feed, Looked, Asked, WaitingFeed)

APP_CONFIG = AppConfig(
    app_name="notices",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=list(TABLES),
)
