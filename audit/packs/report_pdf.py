"""The timeline as pages to print, made by typst: tagged for screen readers (PDF/UA-1), the same rows give the same bytes.

What was typed in Vouch is given to typst as JSON and never evaluated. typst is the extra ``pdf``; without it there is no PDF.
"""

import json
import subprocess
import sys
from collections import deque
from collections.abc import Iterable
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, Final

from audit import sheet
from audit.packs import font, reports
from audit.packs.reports import Frame
from base.refusals import Refusal
from base.words import in_words, moment

MOST_ROWS: Final = 500  # some 40 pages; who wants more wants a spreadsheet
MOST_EXCEPTIONS: Final = 100
LONGEST: Final = 300  # characters of a cell: a few centimetres
PATIENCE: Final = 60  # seconds; half of one is usual
PAGES: Final = Path(__file__).parent / "timeline.typ"
TYPESETTER: Final = Path(__file__).parent / "typeset.py"
HEADINGS: Final = ("Entry", "Happened", "Recorded", "Days", "Who", "What", "Old", "New", "Reason", "Files")


class NoPdf(Refusal):
    status = 503
    title = "No PDF here"


def is_there() -> bool:
    """Whether this installation can make PDFs."""
    return find_spec("typst") is not None


def require() -> None:
    """Raises NoPdf."""
    if not is_there():
        raise NoPdf("This installation of Vouch can't make PDFs. Print the page from your browser, or download the Excel file.")


class PdfReport:
    """``add`` the rows in order, then ``finish``; of many rows the last ones are kept."""

    def __init__(self, to: BinaryIO) -> None:
        self._to = to
        self._rows: deque[sheet.TimelineRow] = deque(maxlen=MOST_ROWS)
        self._odd: deque[sheet.TimelineRow] = deque(maxlen=MOST_EXCEPTIONS)
        self._counted = self._counted_odd = 0

    def add(self, rows: Iterable[sheet.TimelineRow]) -> None:
        for row in rows:
            self._rows.append(row)
            self._counted += 1
            if row.flags:
                self._odd.append(row)
                self._counted_odd += 1

    def finish(self, frame: Frame) -> None:
        """Takes a second for a thousand rows: call it in a thread."""
        self._to.write(compiled(self._document(frame), frame.made))

    def close(self) -> None:
        """Nothing is open."""

    def _document(self, frame: Frame) -> dict[str, Any]:
        made = frame.made
        return {
            "title": font.shown(frame.title),
            "footer": reports.NOT_EVIDENCE,
            "date": {part: getattr(made, part) for part in ("year", "month", "day", "hour", "minute", "second")},
            "about": [font.shown(line) for line in frame.about],
            "proven": [font.shown(line) for line in frame.proven],
            "columns": HEADINGS,
            "exceptions_note": reports.EXCEPTIONS + _only_last(self._counted_odd, MOST_EXCEPTIONS),
            "exceptions": [[*_cells(row)[:-1], reports.why(row)] for row in self._odd],
            "limit_note": _only_last(self._counted, MOST_ROWS).strip(),
            "rows": [_cells(row) for row in self._rows],
            "check": reports.HOW_TO_CHECK,
            "seal": [[name, font.shown(value)] for name, value in frame.seal],
        }


def compiled(document: dict[str, Any], made: datetime, pages: Path = PAGES) -> bytes:
    """The PDF that the typst file ``pages`` makes of a document, in a process of its own: call it in a thread."""
    order = {"pages": str(pages), "fonts": str(font.FOLDER), "made": made.isoformat(), "report": document}
    command = [sys.executable, "-I", str(TYPESETTER)]
    done = subprocess.run(command, input=json.dumps(order).encode(), capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603 - our own program, told everything by its input
    if done.returncode:
        raise RuntimeError(f"typst made no PDF: {done.stderr.decode(errors='replace')[-LONGEST:]}")
    return done.stdout


def _only_last(counted: int, most: int) -> str:
    return (
        f" Only the last {most:,} of {counted:,} are printed; the Excel and CSV files have all of them." if counted > most else ""
    )


def _cells(row: sheet.TimelineRow) -> list[str]:
    """Digests by their first digits: enough to find the file, and not to prove anything."""
    recorded = moment(datetime.fromisoformat(row.recorded))
    lag = "" if row.lag is None else str(row.lag)
    files = " ".join(f"{digest[:8]}…" for digest in row.evidence.split())
    cells = (str(row.entry), _day(row.happened), recorded, lag, row.who, row.what, row.old, row.new, row.reason, files)
    return [font.shown(cell if len(cell) <= LONGEST else cell[:LONGEST] + "…") for cell in cells]


def _day(happened: str) -> str:
    try:
        return in_words(date.fromisoformat(happened))
    except ValueError:
        return happened
