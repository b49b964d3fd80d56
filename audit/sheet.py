"""The timeline as a sheet: one row for each entry, the same in CSV, XLSX, PDF, on the page and in the offline verifier.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timezone
from typing import Any, Final, NamedTuple

COLUMNS: Final = ("entry", "happened", "recorded", "lag", "who", "what", "old", "new", "reason", "evidence")
ABOUT_COMES: Final = 6  # where the column ``about`` stands in a sheet that has it
COLUMNS_WITH_ABOUT: Final = (*COLUMNS[:ABOUT_COMES], "about", *COLUMNS[ABOUT_COMES:])
SUPPLIER_NAME, SUPPLIER_IDENTIFIERS = "supplier_name", "supplier_identifiers"  # personal fields: whom an entry is about
HIDDEN: Final = "hidden"  # kept from everybody until it is shown again or erased
ERASED: Final = "erased"  # taken out of the record, and an entry of the trail says so
WITHHELD: Final = "withheld"  # in the record, and not shown here
LATE_DAYS: Final = 7  # a working week and its weekend: what is written down later than that is remembered, not noted
KEPT_APART: Final = frozenset({"old", "new", "happened_on"})  # facts that have a place of their own
BOM: Final = b"\xef\xbb\xbf"  # without it Excel reads the file in the code page of the country
FORMULA_STARTS: Final = "=+-@\t\r\n＝＋－＠'"  # "'" itself too, so that taking one away always gives the cell back
QUOTED: Final = re.compile(r'[,"\r\n]')  # a cell with one of these
PERSONAL: Final = "personal."  # what the names of fields begin with that a person wrote, or that tell of one
_PAST: Final = {"revised": ("corrected",), "changed": ("corrected",), "withdrawn": ("withdrawn",)}
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


class Change(NamedTuple):
    """One field before and after; None where there was, or is, nothing."""

    field: str
    old: str | None
    new: str | None


class TimelineRow(NamedTuple):
    """``entry`` counts from 1; ``lag`` is whole days, None where nobody said when it happened. ``flags`` say why an auditor
    looks at this row first: "late", "corrected", "withdrawn", "erased"; they are no column. ``about`` is the supplier that the
    entry itself names, a column of its own or none.
    """

    entry: int
    happened: str
    recorded: str
    lag: int | None
    who: str
    what: str
    old: str
    new: str
    reason: str
    evidence: str
    flags: tuple[str, ...] = ()
    about: str = ""


def row(
    idx: int, openings: Mapping[str, Any], *, erased: Collection[str] = (), withheld: int = 0, tells_about: bool = False
) -> TimelineRow:
    """The row of entry ``idx`` (from 0). ``openings`` maps field names to values and holds at least "event"; ``erased``
    names the fields that an erasure.applied entry lists; ``withheld`` counts the commitments that are neither. Whom the entry
    is about stands in ``about`` if ``tells_about``, otherwise among what is new.
    """
    event, facts = openings["event"], openings.get("facts", {})
    texts = {name[len(PERSONAL) :]: value for name, value in openings.items() if name.startswith(PERSONAL)}
    if erased:
        texts.update((name[len(PERSONAL) :], ERASED) for name in erased if name.startswith(PERSONAL))
    about = _about(texts.pop(SUPPLIER_NAME, None), texts.pop(SUPPLIER_IDENTIFIERS, None)) if tells_about else ""
    olds, news = [], []
    for field, old, new in _pairs(facts, texts):
        if field == "reason":
            continue
        if old is not None:
            olds.append(f"{field}: {old}")
        if new is not None:
            news.append(f"{field}: {new}")
    happened = str(facts.get("happened_on") or "")
    lag = _lag(happened, event["at"]) if happened else None
    unnamed = withheld - sum(name not in openings and name not in erased for name in ("actor", "facts")) if withheld else 0
    if unnamed > 0:
        news.append(f"{WITHHELD}: {unnamed}")
    return TimelineRow(
        entry=idx + 1,
        happened=happened,
        recorded=instant(event["at"]),
        lag=lag,
        who=who(openings["actor"]) if "actor" in openings else ERASED if "actor" in erased else WITHHELD,
        what=event["type"],
        old="; ".join(olds),
        new="; ".join(news),
        reason=shown(facts.get("reason")) or shown(texts.get("reason")) or "",
        evidence=" ".join(digests(facts)),
        flags=_flags(event["type"], lag, is_erased=bool(erased)),
        about=about,
    )


def changes(facts: Mapping[str, Any], personal: Mapping[str, str]) -> tuple[Change, ...]:
    """What changed from old to new first, then the other facts, then free text; each group by field name."""
    found = _pairs(facts, personal)
    return tuple(Change(field, old, new) for field, old, new in found if old is not None or new is not None)


def _pairs(facts: Mapping[str, Any], personal: Mapping[str, Any]) -> Iterator[tuple[str, str | None, str | None]]:
    """The same, and what neither was nor is anything."""
    olds, news = _mapping(facts.get("old")), _mapping(facts.get("new"))
    for field in sorted({*olds, *news}):
        yield field, shown(olds.get(field)), shown(news.get(field))
    for field in sorted(facts):
        if field not in KEPT_APART:
            yield field, None, shown(facts[field])
    for field in sorted({name.removesuffix(".old") for name in personal}):
        yield field, shown(personal.get(f"{field}.old")), shown(personal.get(field))


def who(actor: Mapping[str, str] | None) -> str:
    """An erased actor is somebody; what the service does by itself says so."""
    if actor is None:
        return "Somebody whose name was erased"
    role = actor.get("role", "")
    return actor.get("name") or {"system": "Vouch itself", "school": "A school"}.get(role, role)


def shown(value: Any) -> str | None:
    """A plain value in words. Nothing for what is empty, and for objects and lists of them: those are for machines,
    such as the grants of an audience, and words for people stand beside them.
    """
    if isinstance(value, str):
        return str(value) or None
    if value is None or isinstance(value, Mapping):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return None if not value or isinstance(value[0], Mapping) else ", ".join(shown(item) or "" for item in value)
    return str(value)


def instant(at: int) -> str:
    """ISO 8601 in UTC to the second, rounded down, from microseconds since 1970."""
    return f"{datetime.fromtimestamp(at // 1_000_000, tz=timezone.utc).isoformat()[:19]}Z"


def digests(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """SHA-256, in hex, of each file that the entry says was attached."""
    attachments = facts.get("attachments")
    if not attachments or not isinstance(attachments, (list, tuple)):
        return ()
    return tuple(str(one["sha256"]) for one in attachments if isinstance(one, Mapping) and "sha256" in one)


def csv_bytes(rows: Iterable[TimelineRow], *, tells_about: bool = False) -> bytes:
    """The whole sheet: UTF-8 behind a byte order mark, RFC 4180."""
    return b"".join(csv_lines(rows, tells_about=tells_about))


def csv_lines(rows: Iterable[TimelineRow], *, tells_about: bool = False) -> Iterator[bytes]:
    """The sheet line by line, for long trails; ends of line are CR LF."""
    yield sheet_head(tells_about=tells_about)
    for one in rows:
        yield csv_line(one, tells_about=tells_about)


def sheet_head(*, tells_about: bool = False) -> bytes:
    """The mark, and the names of the columns."""
    return BOM + _joined(COLUMNS_WITH_ABOUT if tells_about else COLUMNS)


def csv_line(one: TimelineRow, *, tells_about: bool = False) -> bytes:
    texts = cells(one)
    return _joined((*texts[:ABOUT_COMES], _harmless(one.about), *texts[ABOUT_COMES:]) if tells_about else texts)


def cells(one: TimelineRow) -> tuple[str, ...]:
    """The texts of a row in the order of COLUMNS, harmless in a spreadsheet: a text that it would take for a formula, or
    that begins with an apostrophe, gets one more apostrophe in front. Take one away to have the text again.
    """
    values = one[: len(COLUMNS)]
    return tuple([_harmless(value) if isinstance(value, str) else "" if value is None else str(value) for value in values])


def _about(name: Any, identifiers: Any) -> str:
    """The name, with the identifiers in brackets."""
    named, numbers = shown(name), shown(identifiers)
    return f"{named} ({numbers})" if named and numbers else named or numbers or ""


def _harmless(text: str) -> str:
    return f"'{text}" if text and text[0] in FORMULA_STARTS else text


def _joined(texts: tuple[str, ...]) -> bytes:
    quoted = map(_quoted, texts) if QUOTED.search("".join(texts)) else texts
    return f"{','.join(quoted)}\r\n".encode()


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text


def _lag(happened: str, at: int) -> int | None:
    """Whole days between the day that a person named and the day, in UTC, that we recorded it; negative for what is to come."""
    if not DAY.match(happened):
        return None
    try:
        return (datetime.fromtimestamp(at // 1_000_000, tz=timezone.utc).date() - date.fromisoformat(happened)).days
    except ValueError:  # the 31st of February
        return None


def _flags(what: str, lag: int | None, *, is_erased: bool) -> tuple[str, ...]:
    past = what.rpartition(".")[2]
    late = ("late",) if lag is not None and lag > LATE_DAYS else ()
    changed = _PAST.get(past, ())
    gone = ("erased",) if is_erased or what == "erasure.applied" else ()
    return late + changed + gone


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if value is not None and isinstance(value, Mapping) else {}
