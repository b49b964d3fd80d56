"""The forms of a page as a browser holds them: where each is sent, what it would send as it is, and what may be typed into it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count
from typing import Final

BOXES: Final = frozenset({"radio", "checkbox"})
NOT_SENT: Final = frozenset({"submit", "button", "file"})


@dataclass
class Asked:
    """One question: ``kind`` is an input's type, "textarea" or "select"; ``values`` are what may be chosen."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)


@dataclass
class SentForm:
    action: str
    method: str
    is_multipart: bool
    sends: list[tuple[str, str]] = field(default_factory=list)  # as it comes, without what its buttons say
    asked: list[Asked] = field(default_factory=list)

    def filled(self, words: "count[int]") -> list[tuple[str, str]]:
        """What is sent of it once every question has an answer that no other form has: words by hand, the last of each choice."""
        names = {question.name for question in self.asked}
        pairs = [pair for pair in self.sends if pair[0] not in names]
        for question in self.asked:
            if question.kind in BOXES or question.kind == "select":
                pairs.append((question.name, question.values[-1]))
            elif question.kind != "file":
                pairs.append((question.name, f"typed by hand {next(words)}"))
        return pairs


def forms_of(html: str, at: str) -> list[SentForm]:
    """``at`` is the address of the page, to which a form goes that names none."""
    reader = _Reader(at)
    reader.feed(html)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self, at: str) -> None:
        super().__init__()
        self.forms: list[SentForm] = []
        self._at = at
        self._now: SentForm | None = None
        self._text: list[str] | None = None
        self._select: Asked | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_multipart = given.get("enctype") == "multipart/form-data"
            self._now = SentForm(given.get("action") or self._at, given.get("method", "get").lower(), is_multipart)
            self.forms.append(self._now)
        elif self._now is not None and tag in ("input", "textarea", "select", "option"):
            self._field(self._now, tag, given)

    def _field(self, form: SentForm, tag: str, given: dict[str, str]) -> None:
        name, kind, value = given.get("name", ""), given.get("type", "text") if tag == "input" else tag, given.get("value", "")
        if tag == "option" and self._select is not None:
            self._select.values.append(value)
            if "selected" in given:
                form.sends.append((self._select.name, value))
        elif tag == "textarea":
            form.asked.append(Asked(name, kind))
            self._text = []
            form.sends.append((name, ""))
        elif tag == "select":
            self._select = Asked(name, kind)
            form.asked.append(self._select)
        elif kind == "hidden":
            form.sends.append((name, value))
        elif name and kind not in ("submit", "button"):
            self._question(form, name, kind, value, is_on="checked" in given or kind not in BOXES)

    def _question(self, form: SentForm, name: str, kind: str, value: str, *, is_on: bool) -> None:
        one = next((question for question in form.asked if question.name == name and kind in BOXES), None)
        if one is None:
            one = Asked(name, kind)
            form.asked.append(one)
        one.values.append(value)
        if is_on and kind not in NOT_SENT:
            form.sends.append((name, value))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._now is not None and self._text is not None:
            name = self._now.sends[-1][0]
            text = "".join(self._text)
            self._now.sends[-1] = (name, text.removeprefix("\n"))
            self._text = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._now = None
