"""Letters that Vouch writes, read in its outbox: nobody takes them away."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from base import settings


@contextmanager
def letters_are_sent() -> Iterator[None]:
    """As where there is a mail server, which is not there now."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VOUCH_SMTP", "smtp://127.0.0.1:9")
        patch.setenv("VOUCH_MAIL_FROM", "vouch@vouch.example")
        settings.current.cache_clear()
        try:
            yield
        finally:
            patch.undo()
            settings.current.cache_clear()


def letters(to: str = "") -> list[EmailMessage]:
    """Those in the outbox, to one address or to all, oldest first."""
    return [letter for _, letter in _outbox() if to in ("", letter["To"])]


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body()
    assert body is not None
    return str(body.get_content())


def link_of(to: str) -> str:
    """The address of the link in the one letter to somebody, which is taken out of the box."""
    ((path, letter),) = [(path, letter) for path, letter in _outbox() if letter["To"] == to]
    found = re.search(rf"{re.escape(settings.current().origin)}/\S+", text_of(letter))
    assert found is not None, "no link in the letter"
    path.unlink()
    return found[0]


def throw_letters_away() -> None:
    for path, _ in _outbox():
        path.unlink()


def _outbox() -> list[tuple[Path, EmailMessage]]:
    paths = sorted((settings.current().data / "mail" / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime)
    return [(path, message_from_bytes(path.read_bytes(), policy=policy.SMTP)) for path in paths]
