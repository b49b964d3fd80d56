"""What browsers send in forms: urlencoded or multipart, with limits, always text that the rest of Vouch can store.

``form = await forms.read(request)`` and then ``form.text("name")``, ``form.many("schools")``, ``form.file("photo")``.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NoReturn, cast
from urllib.parse import parse_qsl

from multipart import MultipartError, ParserLimitReached  # type: ignore[import-untyped]

from base.refusals import Invalid, Refusal, TooLarge
from base.viewer import Viewer
from web.pages import made_for, marks, parts, sent_once
from web.pages.handlers import AnyRequest
from web.pages.marks import Typed
from web.pages.sent_once import Files

MOST_FIELDS: Final = 200  # a page of 100 tick boxes and their neighbours; more is not a form of ours
MOST_PARTS: Final = MOST_FIELDS + len(marks.MARKS)  # what our own pages add
LONGEST_VALUE: Final = 20_000  # characters: five times the longest text that we keep
LARGEST_FILE: Final = 10 * 1024 * 1024  # bytes: a phone's photo or a scanned contract
LONGEST_FILE_NAME: Final = 200
EARLIEST_YEAR: Final = 1900  # "26" is a slip, not the year 26

FORM: Final = "vouch.form"  # in the scope: what was read
EMPTY_FILE: Final = "This file is empty. Choose another, or save it again."
TOO_MANY: Final = f"That form has more than {MOST_FIELDS} answers. Send fewer at a time."
TOO_MUCH: Final = f"The text in that form is more than the {parts.MOST_TEXT // 1024 // 1024} MB that fits here. Send less of it."
NO_FILES: Final[Files] = {}
BROKEN: Final = "That form did not arrive whole. Go back and send it again."


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed, in the order it came; also the ``values`` that forms.html shows again."""

    fields: Mapping[str, tuple[str, ...]]
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)  # name without folders, content; never an empty one
    refused: Mapping[str, str] = field(default_factory=dict)  # what is said of a file that is empty or over the limit: not kept
    kept: str = ""  # sealed: what was typed before somebody signed in again

    def file(self, name: str) -> tuple[str, bytes] | None:
        """The name and content of what was chosen; None for nothing. Raises Invalid for one that is empty or too large: ask for
        it where a refusal shows the form again, with all that was typed beside it.
        """
        if name in self.refused:
            raise Invalid(self.refused[name], **{name: self.refused[name]})
        return self.files.get(name)

    def text(self, name: str, default: str = "") -> str:
        return self.fields.get(name, (default,))[0]

    def many(self, name: str) -> tuple[str, ...]:
        return self.fields.get(name, ())

    def day(self, name: str) -> date | None:
        """A date from its three boxes: None when all are empty, Invalid when they name no day."""
        parts = [self.text(f"{name}-{box}").strip() for box in ("day", "month", "year")]
        if not any(parts):
            return None
        try:
            day, month, year = (int(part) for part in parts)
            return date(year, month, day) if year >= EARLIEST_YEAR else _no_such_day(name)
        except (ValueError, OverflowError):  # the year 99999999999999999999
            return _no_such_day(name)

    get = text  # read by the macros of forms.html, which also take a dict


def _no_such_day(name: str) -> NoReturn:
    sentence = "Enter a real date with a day, month and year, such as 3 11 2026."
    raise Invalid(sentence, **{name: sentence})


async def read(request: AnyRequest, *, largest_file: int = LARGEST_FILE) -> Form:
    """The form that was sent, each file of at most ``largest_file`` bytes; of a larger one ``Form.file`` says so.

    Raises Invalid for what is broken or holds NUL, TooLarge over a limit, and as ``made_for`` for a page that was another's.
    """
    try:
        fields, files = (
            await _read_multipart(request, largest_file) if _is_multipart(request) else (await _read_urlencoded(request), {})
        )
    except (UnicodeDecodeError, MultipartError) as error:
        raise Invalid(BROKEN) from error
    viewer = marks.viewer_noted(request.scope)
    await sent_once.note_form(request, viewer, _judged(request, viewer, fields, files), files)
    kept = fields.get(marks.KEPT, [""])[0]
    fields = {name: values for name, values in fields.items() if name not in marks.MARKS}
    if sum(map(len, fields.values())) > MOST_FIELDS:
        raise TooLarge(TOO_MANY)
    for name, values in fields.items():
        _refuse_what_cannot_be_kept(name, values)
    too_large = f"The file must be smaller than {largest_file // 1024 // 1024} MB."
    sizes = {name: len(content) for name, (_, content) in files.items()}
    refused = {name: too_large if size else EMPTY_FILE for name, size in sizes.items() if not 0 < size <= largest_file}
    whole = {name: file for name, file in files.items() if name not in refused}
    form = Form({name: tuple(values) for name, values in fields.items()}, whole, refused, kept)
    cast(dict[str, Any], request.scope)[FORM] = form
    return form


async def require_made_for(request: AnyRequest, viewer: Viewer) -> None:
    """Of a form without files, whether its handler reads it or not: a button says something too. Raises as ``made_for`` does."""
    if request.method != "POST" or request.content_type[0] != "application/x-www-form-urlencoded":
        return
    with suppress(UnicodeDecodeError, TooLarge):  # which is said where the form is read
        _judged(request, viewer, await _read_urlencoded(request), NO_FILES)


def _judged(request: AnyRequest, viewer: Viewer | None, fields: Mapping[str, list[str]], files: Files) -> Typed:
    """What was sent, noted. Raises as ``made_for`` does."""
    pairs = [(name, value) for name, values in fields.items() for value in values]
    typed = marks.of_form(request.scope, pairs, [name for name, _ in files.values()])
    marks.note(request.scope, typed)
    made_for.require(typed, viewer)
    return typed


def sent(request: AnyRequest) -> Form | None:
    """The form that was read of the request; None before, and of a request without."""
    return cast(dict[str, Any], request.scope).get(FORM)


def _is_multipart(request: AnyRequest) -> bool:
    return request.content_type[0] == "multipart/form-data"


async def _read_urlencoded(request: AnyRequest) -> dict[str, list[str]]:
    body = (await request.body()).decode("ascii")
    try:
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_PARTS, errors="strict")
    except UnicodeDecodeError:
        raise
    except ValueError as error:
        raise TooLarge(TOO_MANY) from error
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(_unix(value))
    return fields


async def _read_multipart(request: AnyRequest, largest: int) -> tuple[dict[str, list[str]], dict[str, tuple[str, bytes]]]:
    kind = request.headers.get("content-type", "")
    try:
        sent = await parts.read(request.stream(), kind, most_parts=MOST_PARTS, largest_file=largest)
    except ParserLimitReached as error:
        raise TooLarge(TOO_MANY) from error
    if sent.is_too_much_text:
        raise TooLarge(TOO_MUCH)
    fields: dict[str, list[str]] = {}
    for name, value in sent.texts:
        fields.setdefault(name, []).append(_unix(value))
    return fields, {name: (_file_name(file_name), content) for name, file_name, content in sent.files}


def _unix(value: str) -> str:
    return value.replace("\r\n", "\n")  # browsers send CRLF; a limit in characters should not count it twice


def _file_name(sent: str) -> str:
    name = "".join(c for c in sent.replace("\\", "/").rpartition("/")[2] if c.isprintable()).strip()
    return name[-LONGEST_FILE_NAME:] or "file"


def _refuse_what_cannot_be_kept(name: str, values: Iterable[str]) -> None:
    for value in values:
        if "\x00" in value or "\x00" in name:
            sentence = "Some of the text holds a character that can't be stored. Type it again rather than pasting it."
            raise Invalid(sentence, **{name.replace("\x00", ""): sentence})
        if len(value) > LONGEST_VALUE:
            sentence = f"The text must be {LONGEST_VALUE:,} characters or fewer."
            raise Invalid(sentence, **{name: sentence})


# What forms.html asks about each question.


def typed(values: Any, name: str) -> str:
    """What was typed into a field: from a Form, a dict, or nothing yet."""
    value = values.get(name, "") if values else ""
    return "" if value is None else str(value)


def chosen(values: Any, name: str) -> list[str]:
    """Which boxes were ticked."""
    if isinstance(values, Form):
        return list(values.many(name))
    return [str(value) for value in (values or {}).get(name, ())]


def choices(options: Iterable[Any]) -> list[dict[str, Any]]:
    """GOV.UK ``items`` from (value, text), (value, text, hint) or ready dicts."""
    return [option if isinstance(option, dict) else _choice(*option) for option in options]


def error_links(refusal: Refusal, asked: str) -> list[dict[str, str]]:
    """The links of an error summary in the order of the questions, which ``asked`` is the HTML of; a date's link leads to its
    first box, which carries the field's own id.
    """
    places = {name: asked.find(f' id="{name}"') for name in refusal.fields}
    return [{"href": f"#{name}", "text": refusal.fields[name]} for name in sorted(places, key=places.__getitem__)]


def problem_with(refusal: Refusal | None, name: str) -> dict[str, str] | None:
    sentence = refusal.fields.get(name) if refusal else None
    return {"text": sentence} if sentence else None


def _choice(value: Any, text: str, hint: str = "") -> dict[str, Any]:
    return {"value": str(value), "text": text, "hint": {"text": hint} if hint else None}


def one_of(kind: Any, typed: str, field: str, sentence: str) -> Any:
    """The member of an enumeration that was chosen. Raises Invalid with the sentence."""
    try:
        return kind(typed)
    except ValueError as error:
        raise Invalid(sentence, **{field: sentence}) from error
