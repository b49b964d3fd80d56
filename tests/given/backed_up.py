"""Where backups come from and go to, and backups that somebody wrote anew."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from backups import archive
from base.settings import Settings


@dataclass(frozen=True, slots=True)
class Homes:
    """Where schools work, and an empty database elsewhere. Neither is open."""

    live: Settings
    elsewhere: Settings


def rewrite(
    path: Path, to: Path, *, manifest: Callable[[dict[str, Any]], object] = dict, data: Callable[[bytes], bytes] = bytes
) -> None:
    """Another backup with a changed manifest or database."""
    with ZipFile(path) as old, ZipFile(to, "w", ZIP_STORED) as new:
        for name in old.namelist():
            stored = old.read(name)
            if name == archive.SIGNATURE:
                new.writestr(name, stored)
            else:
                new.writestr(name, json.dumps(manifest(json.loads(stored))) if name == archive.MANIFEST else data(stored))
