"""Tells Piccolo which tables and migrations belong to suppliers/: those that several rooms read, and those of one room."""

from pathlib import Path
from typing import Final

from piccolo.conf.apps import AppConfig

from suppliers.imports.tables import Import, ImportRow
from suppliers.index.tables import CardRow, Index, KeyRow, Refile
from suppliers.merging.tables import Decision, EntryPair, PairSearch, SupplierLink
from suppliers.tables import (
    Alias,
    Attachment,
    ConfirmedCriticism,
    Identifier,
    Interest,
    Merge,
    Note,
    PastReview,
    Review,
    Supplier,
    Supplies,
    ToldCriticism,
    Use,
)  # fmt: skip

TABLES: Final = (
    Supplier, Alias, Identifier, Supplies, Merge, Decision, SupplierLink, EntryPair, PairSearch,
    Use, KeyRow, CardRow, Index, Refile, Review, PastReview, Interest, Note,
    Attachment, ConfirmedCriticism, ToldCriticism, Import, ImportRow,
)  # fmt: skip

APP_CONFIG = AppConfig(
    app_name="suppliers",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=list(TABLES),
)
