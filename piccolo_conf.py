"""Piccolo's own entry point: the engine and the apps whose tables and migrations it knows."""

from typing import Any, cast

from piccolo.conf.apps import AppRegistry

import database

DB = cast(Any, database.engine())

APP_REGISTRY = AppRegistry(
    apps=[
        "audit.piccolo_app",
        "sharing.piccolo_app",
        "suppliers.piccolo_app",
        "contracts.piccolo_app",
        "notices.piccolo_app",
        "disclosure.piccolo_app",
    ]
)
