"""Every table that Piccolo knows."""

from importlib import import_module

from piccolo.table import Table

from piccolo_conf import APP_REGISTRY


def every_table() -> tuple[type[Table], ...]:
    apps = [import_module(name).APP_CONFIG for name in APP_REGISTRY.apps]
    return tuple(table for app in apps for table in app.table_classes)
