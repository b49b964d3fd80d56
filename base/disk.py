"""Waits until something is on the disk, for whoever has to be sure of it."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Returns when the names in the folder are on the disk; a file's own bytes are synced by whoever wrote them."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
