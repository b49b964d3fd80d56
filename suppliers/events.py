"""What happens to suppliers and opinions, as the trail names it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Event(StrEnum):
    SUPPLIER_ADDED = "supplier.added"
    SUPPLIER_CHANGED = "supplier.changed"
    SUPPLIER_ADOPTED = "supplier.adopted"
    SUPPLIER_LEFT = "supplier.left"
    SUPPLIER_LISTED = "supplier.listed"
    SUPPLIER_JOINED = "supplier.joined"
    DIRECTORY_LISTED = "directory.listed"
    DIRECTORY_IMPORTED = "directory.imported"


SENTENCES: Final[Mapping[str, str]] = {
    Event.SUPPLIER_ADDED: "Added a supplier of our own",
    Event.SUPPLIER_CHANGED: "Changed a supplier's details",
    Event.SUPPLIER_ADOPTED: "Started using a supplier",
    Event.SUPPLIER_LEFT: "Stopped using a supplier",
    Event.SUPPLIER_LISTED: "Listed a supplier in the directory",
    Event.SUPPLIER_JOINED: "Matched a supplier of our own to one in the directory",
    Event.DIRECTORY_LISTED: "A school listed a supplier in the directory",
    Event.DIRECTORY_IMPORTED: "Imported suppliers into the directory",
}
