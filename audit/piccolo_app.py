"""Tells Piccolo which tables and migrations belong to audit/."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from audit.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="audit",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=list(TABLES),
)
