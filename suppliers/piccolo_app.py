"""Tells Piccolo which tables and migrations belong to suppliers/."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from suppliers.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="suppliers",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=list(TABLES),
)
