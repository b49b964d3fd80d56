"""Mail by a token in place of a password, as Microsoft 365 and Google want it: both ends of the protocol are in this process."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from base import mail, settings
from base.settings import SettingsError
from tests.given import mail_server
from tests.given.mail_server import Taken

pytestmark = pytest.mark.pure

TO = "chair@school.example"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("VOUCH_DATA", str(tmp_path))
    settings.current.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    settings.current.cache_clear()


async def nothing(_: EmailMessage) -> None:
    """Nobody wants to hear of it."""


class Issuer:
    """What the address for tokens was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.status = "200 OK"
        self.answer: Any = {"access_token": "t0ken", "token_type": "Bearer", "expires_in": 3599}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].split("\r\n", maxsplit=1)[0])
        self.asked.append(parse_qs((await reader.readexactly(length)).decode()))
        body = self.answer if isinstance(self.answer, bytes) else json.dumps(self.answer).encode()
        more = "location: /elsewhere\r\n" if self.status.startswith("30") else ""
        writer.write(f"HTTP/1.1 {self.status}\r\n{more}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()


class Office(Taken):
    """A mail server that lets in who brings the token, as XOAUTH2 says it."""

    def __init__(self) -> None:
        super().__init__()
        self.brought: list[bytes] = []

    async def auth_XOAUTH2(self, _: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - aiosmtpd's name
        self.brought.append(base64.b64decode(args[1]))
        return AuthResult(success=self.brought[-1].endswith(b"auth=Bearer t0ken\x01\x01"), handled=False)


@asynccontextmanager
async def office(monkeypatch: pytest.MonkeyPatch, **chosen: str) -> AsyncIterator[tuple[Office, Issuer]]:
    issuer = Issuer()
    listening = await asyncio.start_server(issuer.serve, "127.0.0.1", 0)
    monkeypatch.setenv("VOUCH_SMTP_TOKEN_URL", f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/token")
    monkeypatch.setenv("VOUCH_SMTP_CLIENT_ID", "vouch-app")
    for name, value in chosen.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(mail_server, "Taken", Office)
    options: Any = {"auth_require_tls": False}
    async with listening, mail_server.server(monkeypatch, user="vouch%40school.example@", **options) as taken:
        assert isinstance(taken, Office)
        yield taken, issuer


async def test_with_a_secret_vouch_asks_as_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    scope = "https://outlook.office365.com/.default"
    async with office(monkeypatch, VOUCH_SMTP_CLIENT_SECRET="hush", VOUCH_SMTP_SCOPE=scope) as (taken, issuer):
        await mail.send(TO, "A seal", "x")
        assert await mail.deliver(nothing) == mail.Delivered(sent=1, waiting=0)
    assert issuer.asked == [
        {"grant_type": ["client_credentials"], "client_id": ["vouch-app"], "client_secret": ["hush"], "scope": [scope]}
    ]
    assert taken.brought == [b"user=vouch@school.example\x01auth=Bearer t0ken\x01\x01"]
    assert [message["Subject"] for message in taken.messages] == ["A seal"]


async def test_with_a_refresh_token_vouch_asks_as_the_person_who_granted_it(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = {"VOUCH_SMTP_CLIENT_SECRET": "hush", "VOUCH_SMTP_REFRESH_TOKEN": "1//again"}
    async with office(monkeypatch, **chosen) as (taken, issuer):
        await mail.try_out(TO)
    assert issuer.asked == [
        {"grant_type": ["refresh_token"], "refresh_token": ["1//again"], "client_id": ["vouch-app"], "client_secret": ["hush"]}
    ]
    assert taken.recipients == [TO]


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        ("401 Unauthorized", {"error": "invalid_client"}),
        ("302 Found", {}),
        ("200 OK", b"<html>"),
        ("200 OK", {"access_token": 7}),
        ("200 OK", ["access_token"]),
        ("200 OK", {"access_token": "another"}),
    ],
)
async def test_without_a_token_that_counts_the_letter_waits_and_the_trial_says_why(
    monkeypatch: pytest.MonkeyPatch, status: str, answer: object
) -> None:
    async with office(monkeypatch, VOUCH_SMTP_CLIENT_SECRET="hush") as (taken, issuer):
        issuer.status, issuer.answer = status, answer
        await mail.send(TO, "A seal", "x")
        assert await mail.deliver(nothing) == mail.Delivered(sent=0, waiting=1)
        with pytest.raises(SettingsError, match="The letter was not taken") as refused:
            await mail.try_out(TO)
    assert taken.messages == []
    assert len(issuer.asked) == 2  # and nobody followed the way elsewhere
    assert "hush" not in str(refused.value)


async def test_without_a_mail_server_the_trial_says_that_nothing_leaves() -> None:
    with pytest.raises(SettingsError, match="No reminder leaves this service"):
        await mail.try_out(TO)


USABLE = {
    "VOUCH_SMTP": "smtp+starttls://vouch%40school.example@smtp.office365.com:587",
    "VOUCH_MAIL_FROM": "vouch@school.example",
    "VOUCH_SMTP_TOKEN_URL": "https://login.example/token",
    "VOUCH_SMTP_CLIENT_ID": "vouch-app",
    "VOUCH_SMTP_CLIENT_SECRET": "hush",
}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"VOUCH_SMTP_TOKEN_URL": "http://login.example/token"}, "VOUCH_SMTP_TOKEN_URL"),
        ({"VOUCH_SMTP_TOKEN_URL": "https://"}, "VOUCH_SMTP_TOKEN_URL"),
        ({"VOUCH_SMTP": "smtps://user:password@mail.example"}, "VOUCH_SMTP names the mailbox"),
        ({"VOUCH_SMTP": "smtps://mail.example"}, "VOUCH_SMTP names the mailbox"),
        ({"VOUCH_SMTP": "smtp://user@mail.example"}, "unencrypted"),
        ({"VOUCH_SMTP_CLIENT_ID": ""}, "VOUCH_SMTP_CLIENT_ID"),
        ({"VOUCH_SMTP_CLIENT_SECRET": ""}, "VOUCH_SMTP_CLIENT_SECRET"),
    ],
)
def test_half_a_way_to_a_token_is_refused_by_name(changed: dict[str, str], named: str) -> None:
    assert "hush" not in repr(settings.read(USABLE))
    with pytest.raises(SettingsError, match=named):
        settings.read(USABLE | changed)
