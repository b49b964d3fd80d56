"""What a taking in of records knows on its way: what was made of what, by the ids of the file. How a refusal names a record."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from audit import Record
from base import clock
from base.refusals import Conflict, Invalid
from base.viewer import Viewer
from disclosure.record_parts import FileRecord
from suppliers.opinions.attachments import Upload

ERASED: Final = "Erased before it was taken along"  # in place of words that there must be
Read = Callable[[str], bytes | None]  # the file at a path of the zip; None where there is none


def nothing_beside(_path: str) -> None:
    """Of a JSON by itself."""


class Taking:
    """One unit of work. ``things`` has what can be shared by its sort and id; ``missing`` counts files that are not there."""

    def __init__(self, record: Record, viewer: Viewer, read: Read, advance: Callable[[int], None]) -> None:
        self.record, self.viewer, self._read, self._advance = record, viewer, read, advance
        self.suppliers: dict[UUID, UUID] = {}
        self.names: dict[UUID, str] = {}  # of these suppliers
        self.contracts: dict[UUID, UUID] = {}
        self.promises: dict[UUID, UUID] = {}
        self.things: dict[tuple[str, UUID], UUID] = {}
        names: tuple[str, ...] = ("suppliers", "reviews", "notes", "files", "contracts", "documents", "promises", "calendars")
        names += ("happened", "meetings", "decisions", "variations", "concerns", "credits", "ratings", "questions", "links")
        names += ("notices", "deciding", "buying_rules", "enquiries")
        self.counts = Counter(dict.fromkeys(names, 0))
        self.left_out: Counter[str] = Counter()
        self.missing = 0

    def done(self, name: str, number: int = 1) -> None:
        """So many more of a list are taken in."""
        self.counts[name] += number
        self._advance(number)

    def name_of(self, supplier: UUID) -> str:
        """For a sentence."""
        return self.names.get(supplier, "a supplier that is not in it")

    def upload(self, file: FileRecord) -> Upload | None:
        content = self._read(file.path)
        if content is None:
            self.missing += 1
            return None
        self.counts["files"] += 1
        return Upload(file.name, content)

    def uploads(self, files: Iterable[FileRecord]) -> list[Upload]:
        return [upload for file in files if (upload := self.upload(file))]


def past(moment: datetime) -> datetime:
    """That moment, and now for one that is still to come. Raises as ``in_utc``."""
    return min(in_utc(moment), clock.now())


def in_utc(moment: datetime) -> datetime:
    """Raises ValueError for one without its offset, OverflowError for one that there is not in UTC."""
    if moment.tzinfo is None:
        raise ValueError("a time without its offset")
    return moment.astimezone(UTC)


@contextmanager
def about(what: str) -> Iterator[None]:
    """Names the record that can't be kept, in the refusal that says why."""
    try:
        yield
    except (Invalid, Conflict) as error:
        why = next(iter(error.fields.values()), error.sentence)
        sentence = f"Nothing was taken in. {_begun(what)}: {why}"
        raise Invalid(sentence, file=sentence) from error
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
        sentence = f"Nothing was taken in. {_begun(what)} is not as it should be."
        raise Invalid(sentence, file=sentence) from error


def _begun(what: str) -> str:
    """As a sentence begins."""
    return what[:1].upper() + what[1:]
