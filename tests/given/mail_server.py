"""A mail server in this process, and what it was sent."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from base import settings


class Taken:
    """What a mail server keeps of what it was sent; ``answers`` are what it says instead of taking it."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.answers and (answer := self.answers.pop(0)):
            return answer
        content = envelope.content
        assert isinstance(content, bytes)
        self.messages.append(message_from_bytes(content, policy=policy.SMTP))
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@asynccontextmanager
async def server(
    monkeypatch: pytest.MonkeyPatch, *, user: str = "", scheme: str = "smtp", tls: ssl.SSLContext | None = None, **options: Any
) -> AsyncIterator[Taken]:
    """A mail server in this process, which Vouch is set to use; with ``tls``, one that offers STARTTLS or begins with it."""
    taken = Taken()
    loop = asyncio.get_running_loop()
    at_once: Any = {"ssl": tls} if scheme == "smtps" else {}
    later: Any = {"tls_context": tls} if tls and not at_once else {}
    listening = await loop.create_server(
        lambda: SMTP(taken, hostname="mail.example", loop=loop, **later, **options), "127.0.0.1", 0, **at_once
    )
    port = listening.sockets[0].getsockname()[1]
    monkeypatch.setenv("VOUCH_SMTP", f"{scheme}://{user}127.0.0.1:{port}")
    monkeypatch.setenv("VOUCH_MAIL_FROM", "vouch@vouch.example")
    settings.current.cache_clear()
    async with listening:
        yield taken
