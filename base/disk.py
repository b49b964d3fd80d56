"""Waits until something is on the disk, for whoever has to be sure of it, and says how much room there is."""

import os
import shutil
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Returns when the names in the folder are on the disk; a file's own bytes are synced by whoever wrote them."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def room(path: Path) -> int:
    """Bytes that may still be written where ``path`` lies, or will lie."""
    there = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    return shutil.disk_usage(there).free
