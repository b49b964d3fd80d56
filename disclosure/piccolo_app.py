"""Tells Piccolo which tables and migrations belong to disclosure/."""

from pathlib import Path
from typing import Final

from piccolo.conf.apps import AppConfig

from disclosure.tables import ShareToConfirm

TABLES: Final = (ShareToConfirm,)

APP_CONFIG = AppConfig(
    app_name="disclosure",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=list(TABLES),
)
