"""What somebody typed into a form of ours, and where that form stood: so that a refusal of any kind can give it back.

Every form carries marks, which the environment of the pages adds (``Marking``): the address of the page that it stood on, whose
page it was, at which school, and a number by which it is known when it is sent twice. What was sent is noted with them in the
scope of its request (``note``), before it is judged.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

from jinja2.ext import Extension
from litestar.types import HTTPScope
from markupsafe import Markup

from base.viewer import Viewer
from database import sending

AT: Final = "vouch-at"  # path and query of the page with the form
BY: Final = "vouch-by"  # whose page it was
SCHOOL: Final = "vouch-school"  # the school that whoever it was worked for
ONCE: Final = "vouch-once"  # a number of the page's own, by which the same form is known when it comes again
KEPT: Final = "vouch-kept"  # what was typed before somebody signed in again, sealed
MARKS: Final = frozenset({AT, BY, SCHOOL, ONCE, KEPT})
LONGEST_ONCE: Final = 64
LONGEST_AT: Final = 4_000  # as long as an address may be
SECRET: Final = frozenset({"password", "current", "new"})  # the names of boxes for passwords, which nobody gets back
FRAME: Final = "layout.html"  # its own form signs out: nothing is typed there, and it stands on every page

_TYPED: Final = "vouch.typed"
_VIEWER: Final = "vouch.viewer"
_BACK: Final = "vouch.back"
_ONCE: Final = "vouch.once"
_FORM = re.compile(
    r"(?i)<form\b(?:\{\{.*?\}\}|\{%.*?%\}|[^>{]|\{(?![{%]))*>", re.DOTALL
)  # its tag, with what Jinja writes into it

_asked: ContextVar[dict[str, Any] | None] = ContextVar("asked", default=None)


@dataclass(frozen=True, slots=True)
class Typed:
    """``fields`` in the order of the form, without passwords and marks; ``files`` are names alone."""

    at: str  # "" where no form of ours says
    by: str  # "" of a form that anybody could open
    action: str  # path and query that it was sent to
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()
    school: str = ""  # the id of the school that it was made for
    once: str = ""  # the number of the page

    @property
    def is_empty(self) -> bool:
        return not self.files and not any(value.strip() for _, value in self.fields)


def whose(viewer: Viewer | None) -> str:
    """The mark of a person's pages: the same for the same person, "" for nobody."""
    return hashlib.sha256(b"typed by " + viewer.person.bytes).hexdigest()[:32] if viewer else ""


def address(scope: HTTPScope) -> str:
    """Path and query of the request."""
    query = scope["query_string"].decode("latin-1")
    return scope["path"] + (f"?{query}" if query else "")


def of_form(scope: HTTPScope, pairs: Iterable[tuple[str, str]], files: Iterable[str] = ()) -> Typed:
    """Of what was sent with the request: ``pairs`` with the marks among them, ``files`` by name."""
    sent = tuple(pairs)
    marks = {name: value for name, value in sent if name in MARKS}
    kept = tuple((name.replace("\0", ""), value.replace("\0", "")) for name, value in sent if name not in MARKS | SECRET)
    at, once = marks.get(AT, "")[:LONGEST_AT], marks.get(ONCE, "")[:LONGEST_ONCE]
    return Typed(at, marks.get(BY, ""), address(scope), kept, tuple(files), marks.get(SCHOOL, ""), once)


def note(scope: HTTPScope, typed: Typed) -> None:
    cast(dict[str, Any], scope)[_TYPED] = typed


def noted(scope: HTTPScope) -> Typed | None:
    """What was typed into the form that this request sent, as far as it was read."""
    return cast(dict[str, Any], scope).get(_TYPED)


def note_viewer(scope: HTTPScope, viewer: Viewer) -> None:
    cast(dict[str, Any], scope)[_VIEWER] = viewer


def viewer_noted(scope: HTTPScope) -> Viewer | None:
    """Who was found to be asking; None while nobody looked."""
    return cast(dict[str, Any], scope).get(_VIEWER)


def give_back(scope: HTTPScope, typed: Typed) -> None:
    """Instead of sending the browser on, the answer to this request shall be the form with what was typed."""
    cast(dict[str, Any], scope)[_BACK] = typed
    note(scope, typed)


def to_give_back(scope: HTTPScope) -> Typed | None:
    return cast(dict[str, Any], scope).get(_BACK)


@contextmanager
def asking(scope: HTTPScope) -> Iterator[None]:
    """Inside, the forms of the pages that are made carry the marks of this request."""
    token = _asked.set(cast(dict[str, Any], scope))
    try:
        yield
    finally:
        _asked.reset(token)


def form_marks(_where: str = "") -> Markup:
    """The marks of a form. One that comes back keeps the address of the page that it first stood on, and its number as long as
    nothing is known to be saved.
    """
    scope = _asked.get()
    if scope is None:
        return Markup("")
    sent = noted(cast(HTTPScope, scope))
    at = address(cast(HTTPScope, scope)) if scope["method"] in ("GET", "HEAD") else sent.at if sent else ""
    viewer: Viewer | None = scope.get(_VIEWER)
    return _drawn(at[:LONGEST_AT], whose(viewer), str(viewer.school) if viewer else "", _once(scope, sent))


def _once(scope: dict[str, Any], sent: Typed | None) -> str:
    now = sending.current()
    if sent and sent.once and not (now and now.is_saved):
        return sent.once
    number: str = scope.setdefault(_ONCE, secrets.token_urlsafe(16))
    return number


@lru_cache(maxsize=1)  # a page of many forms asks for each of them
def _drawn(at: str, by: str, school: str, once: str) -> Markup:
    marks: Mapping[str, str] = {AT: at, BY: by, SCHOOL: school, ONCE: once}
    return Markup("").join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value) for name, value in marks.items() if value
    )


class Marking(Extension):
    """Puts the marks into every form that sends something, so that no template has to think of it."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        if name is None or name == FRAME:
            return source
        count = 0

        def marked(form: re.Match[str]) -> str:
            nonlocal count
            if 'method="post"' not in form[0].lower():
                return form[0]
            count += 1
            return f'{form[0]}{{{{ form_marks("{name}#{count}") }}}}'

        return _FORM.sub(marked, source)
