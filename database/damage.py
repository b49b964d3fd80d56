"""What to say of a broken file: SQLite's own words end before the remedy."""


def remedy(error: BaseException) -> str:
    """The end of a sentence that quotes ``error``; "" where the file is not known to be broken, or to be no database."""
    is_damage = str(getattr(error, "sqlite_errorname", "")).startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))
    return ". The file is damaged: restore the last good backup." if is_damage else ""
