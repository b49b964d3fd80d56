"""The few ways Vouch says no. HTML, JSON (RFC 9457) and the command line say it in the same sentence.

Refusal
├── Invalid       422  what was sent can't be used; names the fields
├── SignInNeeded  401  nobody is signed in
├── Forbidden     403  this person's role may not do this
├── NotFound      404  it is not there, or not visible: never which of the two
├── Conflict      409  somebody was there first
├── SentBefore    409  what was sent was saved when it came the first time
├── VersionNeeded 428  a change over JSON that does not say what it read
├── TooLarge      413  over a limit
├── TooMany       429  too often
└── Busy          503  try again
    ├── Away      503  the database is away, full or read only
    └── Unsure    503  something was saved, or may have been: look first
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar


class Refusal(Exception):
    """A sentence somebody can act on; ``fields`` maps a form field to its own sentence."""

    status: ClassVar[int]
    title: ClassVar[str]

    def __init__(self, sentence: str, **fields: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fields: Mapping[str, str] = fields
        self.headers: dict[str, str] = {}  # what the answer carries for programs


class Invalid(Refusal):
    status = 422
    title = "There is a problem"


class SignInNeeded(Refusal):
    status = 401
    title = "Sign in first"

    def __init__(self, sentence: str = "Sign in to see this page.") -> None:
        super().__init__(sentence)
        self.headers["WWW-Authenticate"] = "Bearer"


class Forbidden(Refusal):
    status = 403
    title = "You can't do this"


class NotFound(Refusal):
    status = 404
    title = "Page not found"

    def __init__(self) -> None:
        super().__init__("There is nothing here that you can see. Check the address, or start from the home page.")


class Conflict(Refusal):
    status = 409
    title = "Somebody was there first"


class SentBefore(Refusal):
    """Told only where what the first one was answered isn't known any more, or not yet: otherwise that is the answer."""

    status = 409
    title = "This was saved already"

    def __init__(self) -> None:
        super().__init__("This was saved when it was sent the first time, and is not saved again. Look for it before you go on.")


class VersionNeeded(Refusal):
    status = 428
    title = "Say what you read"


class TooLarge(Refusal):
    status = 413
    title = "Too large"


class TooMany(Refusal):
    status = 429
    title = "Too many tries"

    def __init__(self, sentence: str, *, retry_after_seconds: int) -> None:
        super().__init__(sentence)
        self.headers["Retry-After"] = str(retry_after_seconds)


class Busy(Refusal):
    """Says that nothing was saved only where that is known: database/failures.py."""

    status = 503
    title = "Busy: try again"
    retry_after_seconds: ClassVar[int | None] = 2

    def __init__(self, sentence: str = "Vouch is busy: try again in a moment.") -> None:
        super().__init__(sentence)
        if self.retry_after_seconds is not None:
            self.headers["Retry-After"] = str(self.retry_after_seconds)


class Away(Busy):
    title = "Not possible at the moment"
    retry_after_seconds = 10


class Unsure(Busy):
    """Without Retry-After: a program that tried again by itself could do the same thing twice."""

    title = "Look before you try again"
    retry_after_seconds = None


class CouldNotLook(Exception):
    """A command whose exit status is a verdict came to none: ``why``, which says so itself, and exit status 2."""

    def __init__(self, why: Exception) -> None:
        super().__init__(str(why))
        self.why = why


def read_together(*readers: Callable[[], Any]) -> list[Any]:
    """What each reader reads, in their order; like ``refuse_together`` where some can't."""
    found: list[Any] = []
    refuse_together(*(lambda reader=reader: found.append(reader()) for reader in readers))
    return found


def read_apart(*readers: Callable[[], Any]) -> tuple[list[Any], list[Invalid]]:
    """What each reader reads, in their order, None where it can't; and what is said of those: for ``refuse_unread``."""
    found, unread = [], []
    for reader in readers:
        try:
            found.append(reader())
        except Invalid as refusal:
            found.append(None)
            unread.append(refusal)
    return found, unread


def refuse_unread(unread: Sequence[Invalid], check: Callable[[], object]) -> None:
    """Where something couldn't be read, raises one Invalid of that and of what ``check`` finds wrong with the rest.

    Of a field that both name, what is said is why it couldn't be read, not that it is missing.
    """
    if unread:
        refuse_together(check, lambda: refuse_all(unread))


def refuse_together(*checks: Callable[[], object]) -> None:
    """Runs every check and raises one Invalid with the fields of all that failed, so that a form says everything at once."""
    wrong: list[Invalid] = []
    for check in checks:
        try:
            check()
        except Invalid as refusal:
            wrong.append(refusal)
    refuse_all(wrong)


def refuse_all(wrong: Sequence[Invalid]) -> None:
    """Raises one Invalid with the fields of all of these; nothing where there are none."""
    if wrong:
        raise Invalid(wrong[0].sentence, **{name: said for one in wrong for name, said in one.fields.items()})
