"""Tells Piccolo which tables and migrations belong to suppliers/: those that several rooms read, and those of one room."""

from pathlib import Path
from typing import Final

from piccolo.conf.apps import AppConfig

from suppliers.imports.tables import Import, ImportRow
from suppliers.index.tables import Card, Index, Key, Refile
from suppliers.merging.tables import Decision, Link, Pair, PairSearch
from suppliers.tables import Alias, Attachment, Identifier, Merge, Note, PastReview, Review, Supplier, Supplies, Use

TABLES: Final = (
    Supplier, Alias, Identifier, Supplies, Merge, Decision, Link, Pair, PairSearch,
    Use, Key, Card, Index, Refile, Review, PastReview, Note,
    Attachment, Import, ImportRow,
)  # fmt: skip

APP_CONFIG = AppConfig(
    app_name="suppliers",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=list(TABLES),
)
