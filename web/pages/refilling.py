"""A page of ours with what somebody typed put into its form again. Pure: HTML in, HTML out.

Made for pages that Vouch wrote itself: every tag is whole, every attribute has its quotation marks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Final
from urllib.parse import unquote

from web.pages.marks import MARKS, ONCE, Typed

Attributes = dict[str, str | None]
NO_FIELDS: Final[Mapping[str, str]] = {}
OF_THE_PAGE: Final = MARKS - {ONCE}  # what a form has of the page that it stands on; its number stays that of what was sent
CHOICES: Final = frozenset({"radio", "checkbox"})
NO_TEXT: Final = frozenset({"button", "submit", "image", "reset", "file", "password"})
WRONG_CLASSES: Final = {"input": "govuk-input--error", "textarea": "govuk-textarea--error", "select": "govuk-select--error"}


@dataclass(slots=True)
class Piece:
    """One tag, or what stands between two, as it came."""

    raw: str
    tag: str = ""  # of a start tag; "/form" of an end tag; "" of anything else
    attributes: Attributes = field(default_factory=dict)
    form: int = -1  # the number of the form that it is in


@dataclass(frozen=True, slots=True)
class Refilled:
    html: str
    unplaced: tuple[tuple[str, str], ...]  # what was sent and has no place in the form as it is now
    asks_something: bool  # whether the form has questions, rather than a button alone


def refilled(
    html: str, typed: Typed, *, above: str = "", wrong: Mapping[str, str] = NO_FIELDS, title: str = ""
) -> Refilled | None:
    """The page with ``typed`` in the form that it was sent from, ``above`` at the top of its main part, and ``wrong`` said at
    each question by its name; ``title`` goes before the page's own. None where the page has no such form.
    """
    pieces = _pieces(html)
    _answer_for_another_address(pieces, typed.at)
    chosen = [n for n, piece in enumerate(pieces) if piece.tag == "form" and _sends_to(piece, typed.action)]
    if not chosen:
        return None
    tries = [_filled(pieces, pieces[n].form, typed) for n in chosen]
    filled, unplaced = min(tries, key=lambda one: len(one[1]))
    asks = any(_is_question(piece) for piece in pieces if piece.form == _form_of(filled))
    return Refilled("".join(_written(pieces, filled, above, wrong, title)), unplaced, asks)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[Piece] = []
        self._form, self._forms = -1, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form":
            self._form, self._forms = self._forms, self._forms + 1
        self.pieces.append(Piece(self.get_starttag_text() or "", tag, dict(attrs), self._form))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append(Piece(f"</{tag}>", f"/{tag}", {}, self._form))
        if tag == "form":
            self._form = -1

    def handle_data(self, data: str) -> None:
        self.pieces.append(Piece(data, form=self._form))

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.handle_data(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.handle_data(f"<!{decl}>")


def _pieces(html: str) -> list[Piece]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.pieces


def _answer_for_another_address(pieces: list[Piece], at: str) -> None:
    """The page is shown where another was asked for: what means "this page" in it names it."""
    for piece in pieces:
        if piece.tag == "form" and not piece.attributes.get("action"):
            piece.attributes["action"] = at
        elif piece.tag == "a" and (piece.attributes.get("href") or "").startswith("?"):
            piece.attributes["href"] = at.partition("?")[0] + str(piece.attributes["href"])
        else:
            continue
        piece.raw = _tag(piece.tag, piece.attributes)


def _sends_to(form: Piece, action: str) -> bool:
    is_post = (form.attributes.get("method") or "").lower() == "post"
    return is_post and unquote(form.attributes.get("action") or "") == unquote(action)


def _is_question(piece: Piece) -> bool:
    kind = piece.attributes.get("type") or "text"
    return piece.tag in ("textarea", "select") or (piece.tag == "input" and kind not in ("hidden", "submit", "button"))


class _Sent:
    """What was sent and not placed yet."""

    def __init__(self, typed: Typed) -> None:
        self.left = [*typed.fields, *([(ONCE, typed.once)] if typed.once else [])]

    def next_of(self, name: str) -> tuple[str, str] | None:
        return next((pair for pair in self.left if pair[0] == name), None)

    def take(self, name: str, value: str | None = None) -> str | None:
        """The next value of the field, or exactly ``value``; None where there is none."""
        for n, (sent, found) in enumerate(self.left):
            if sent == name and value in (None, found):
                del self.left[n]
                return found
        return None


Filled = dict[int, tuple[Piece, str]]  # by the place of a start tag: what to write instead, and what to write into it


def _form_of(filled: Filled) -> int:
    return next(iter(filled.values()))[0].form


def _filled(pieces: list[Piece], form: int, typed: Typed) -> tuple[Filled, tuple[tuple[str, str], ...]]:
    sent, found = _Sent(typed), Filled()
    selecting: tuple[str, str] | None = None
    for n, piece in enumerate(pieces):
        if piece.form != form:
            continue
        name = piece.attributes.get("name") or ""
        if piece.tag == "form":
            found[n] = (piece, "")
        elif piece.tag == "select":
            selecting = sent.next_of(name)
        elif piece.tag == "option" and selecting is not None:
            is_on = piece.attributes.get("value") == selecting[1]
            found[n] = (_ticked(piece, "selected", is_on=is_on), "")
            if is_on:
                sent.take(*selecting)
        elif piece.tag == "textarea":
            found[n] = (piece, sent.take(name) or "")
        elif piece.tag == "button" and name:
            sent.take(name, piece.attributes.get("value") or "")
        elif piece.tag == "input" and name and name not in OF_THE_PAGE:
            found[n] = (_input(piece, name, sent), "")
    return found, tuple((name, value) for name, value in sent.left if value.strip() and name != ONCE)


def _input(piece: Piece, name: str, sent: _Sent) -> Piece:
    kind = piece.attributes.get("type") or "text"
    if kind in CHOICES:
        return _ticked(piece, "checked", is_on=sent.take(name, piece.attributes.get("value") or "on") is not None)
    if kind in NO_TEXT:
        return piece
    value = sent.take(name)
    if value is None:
        return piece
    return Piece(piece.raw, piece.tag, {**piece.attributes, "value": value}, piece.form)


def _ticked(piece: Piece, how: str, *, is_on: bool) -> Piece:
    rest: Attributes = {name: value for name, value in piece.attributes.items() if name != how}
    return Piece(piece.raw, piece.tag, rest | ({how: None} if is_on else {}), piece.form)


def _written(pieces: list[Piece], filled: Filled, above: str, wrong: Mapping[str, str], title: str) -> Iterator[str]:
    skips = False
    for n, piece in enumerate(pieces):
        if piece.tag == "/textarea":
            skips = False
        if skips:
            continue
        if n not in filled:
            yield piece.raw + (above if piece.tag == "main" else title if piece.tag == "title" else "")
            continue
        instead, inside = filled[n]
        sentence = wrong.get(instead.attributes.get("name") or "", "")
        if sentence and instead.tag in WRONG_CLASSES and _can_be_told(instead):
            yield _told(instead, sentence)
        else:
            yield _tag(instead.tag, instead.attributes)
        if instead.tag == "textarea":
            yield "\n" + escape(inside)  # a browser leaves the first line break out
            skips = True


def _can_be_told(piece: Piece) -> bool:
    """A radio's own place is inside one of its answers: the summary says it."""
    return bool(piece.attributes.get("id")) and (piece.attributes.get("type") or "text") not in (*CHOICES, "hidden")


def _told(piece: Piece, sentence: str) -> str:
    """The sentence where GOV.UK's macros put it, and the box that points at it."""
    told = f"{piece.attributes['id']}-error"
    described = " ".join(filter(None, (piece.attributes.get("aria-describedby"), told)))
    classes = f"{piece.attributes.get('class') or ''} {WRONG_CLASSES[piece.tag]}".strip()
    message = f'<span class="govuk-visually-hidden">Error:</span> {escape(sentence)}'
    tag = _tag(piece.tag, {**piece.attributes, "class": classes, "aria-describedby": described})
    return f'<p id="{escape(told)}" class="govuk-error-message">{message}</p>{tag}'


def _tag(tag: str, attributes: Attributes) -> str:
    said = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{said}>"
