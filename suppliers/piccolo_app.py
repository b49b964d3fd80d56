"""Tells Piccolo which tables and migrations belong to suppliers/: those that several rooms read, and those of one room."""

from pathlib import Path
from typing import Final

from piccolo.conf.apps import AppConfig

from suppliers.asking.tables import Enquiry, EnquiryAnswer
from suppliers.corrections.tables import Correction, DirectoryEdit
from suppliers.helped.tables import Helped
from suppliers.imports.tables import Import, ImportRow, Remembered
from suppliers.index.tables import CardRow, Index, KeyRow, Refile
from suppliers.merging.tables import Decision, EntryPair, PairSearch, SupplierLink
from suppliers.profile.tables import Look
from suppliers.tables import (
    Alias,
    Attachment,
    ConfirmedCriticism,
    Identifier,
    Interest,
    JudgedWord,
    Merge,
    Note,
    OpenWord,
    PastReview,
    RankedWord,
    Review,
    Supplier,
    Supplies,
    ToldCriticism,
    Use,
    WholeCategory,
    WordCount,
)  # fmt: skip

TABLES: Final = (
    Supplier, Alias, Identifier, Supplies, WholeCategory, Merge, Decision, SupplierLink, EntryPair, PairSearch,
    Correction, DirectoryEdit, Helped, Enquiry, EnquiryAnswer,
    Use, KeyRow, CardRow, Index, Refile, Review, OpenWord, RankedWord, JudgedWord, WordCount, PastReview, Interest, Note,
    Attachment, ConfirmedCriticism, ToldCriticism, Import, ImportRow, Remembered, Look,
)  # fmt: skip

APP_CONFIG = AppConfig(
    app_name="suppliers",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=list(TABLES),
)
