"""Mail is a folder of files that nobody else may read; a server gets them when there is one, and a week later they are gone."""

import asyncio
import ssl
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from base import clock, mail, settings
from base.mail import MailAttachment
from tests.given.mail_server import server

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


def files(folder: Path, name: str) -> list[Path]:
    return sorted((folder / "mail" / name).glob("*"))


async def test_without_a_server_a_message_waits_in_a_file_that_is_ours_alone(data: Path) -> None:
    await mail.send(TO, "A seal", "Keep it.")
    (path,) = files(data, "outbox")
    message = message_from_bytes(path.read_bytes(), policy=policy.SMTP)
    assert (message["To"], message["Subject"]) == (TO, "A seal")
    assert "Keep it." in message.get_body().get_content()  # type: ignore[union-attr]  # it has one
    assert path.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in (path.parent, path.parent.parent)} == {0o700}
    assert await mail.deliver(nothing) == mail.Delivered(sent=0, waiting=1)
    assert files(data, "outbox") == [path]


async def test_the_server_gets_what_waits_with_its_files(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    async def on_sent(message: EmailMessage) -> None:
        heard.append(str(message["Subject"]))

    async with server(monkeypatch) as taken:
        await mail.send(
            TO, "Première lettre", "Grüße — " * 30, [MailAttachment("seal.txt", b"\x00\xff\n", "application/octet-stream")]
        )
        assert await mail.deliver(on_sent) == mail.Delivered(sent=1, waiting=0)
    (message,) = taken.messages
    (attached,) = message.iter_attachments()
    assert taken.recipients == [TO]
    assert (message["Subject"], attached.get_filename(), attached.get_content()) == ("Première lettre", "seal.txt", b"\x00\xff\n")
    assert heard == ["Première lettre"]
    assert (len(files(data, "outbox")), len(files(data, "sent"))) == (0, 1)


async def test_what_a_server_refuses_is_tried_again_and_keeps_nothing_else_back(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with server(monkeypatch) as taken:
        await mail.send(TO, "First", "x")
        with clock.at(clock.now() + timedelta(seconds=1)):
            await mail.send(TO, "Second", "x")
        taken.answers = ["451 Try again later", ""]
        assert await mail.deliver(nothing) == mail.Delivered(sent=1, waiting=1)
        assert await mail.deliver(nothing) == mail.Delivered(sent=1, waiting=0)
    assert [message["Subject"] for message in taken.messages] == ["Second", "First"]


@pytest.mark.parametrize(
    ("answer", "is_for_good"),
    [
        ("550 5.1.1 No such mailbox", True),
        ("550 5.7.1 You may not send", False),
        ("554 5.6.0 Rejected", False),
    ],
)
async def test_what_can_never_arrive_is_put_away_and_told(
    data: Path, monkeypatch: pytest.MonkeyPatch, answer: str, is_for_good: bool
) -> None:
    refused: list[str] = []

    async def on_refused(message: EmailMessage) -> None:
        refused.append(str(message["To"]))

    async with server(monkeypatch) as taken:
        await mail.send(TO, "A seal", "x")
        await mail.send(TO, "A link", "x", is_secret=True)
        taken.answers = [answer, answer]
        waiting = 0 if is_for_good else 2
        assert await mail.deliver(nothing, on_refused) == mail.Delivered(sent=0, waiting=waiting)
    assert refused == [TO, TO][: 2 - waiting]
    assert (len(files(data, "outbox")), len(files(data, "refused"))) == ((0, 1) if is_for_good else (2, 0))


async def test_one_key_is_one_file_and_one_message_id_wherever_it_is(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with server(monkeypatch) as taken:
        for _ in range(2):
            await mail.send_once("due:1", TO, "Look at this", "x", headers={"X-More": "yes"})
        await mail.send_once("due:2", TO, "Look at this", "x")
        assert (len(files(data, "outbox")), mail.is_there("due:1"), mail.is_there("due:3")) == (2, True, False)
        assert await mail.deliver(nothing) == mail.Delivered(sent=2, waiting=0)
    assert len({message["Message-ID"] for message in taken.messages}) == 2
    assert [message["X-More"] for message in taken.messages] == ["yes", None]
    assert mail.is_there("due:1")


async def test_a_server_that_is_not_there_loses_nothing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with server(monkeypatch):
        pass
    await mail.send(TO, "A seal", "x")
    assert await mail.deliver(nothing) == mail.Delivered(sent=0, waiting=1)
    assert len(files(data, "outbox")) == 1


async def test_the_password_is_given_as_it_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []

    def authenticator(server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: Any) -> AuthResult:
        given.append(auth_data)
        return AuthResult(success=True)

    options: Any = {"authenticator": authenticator, "auth_require_tls": False}
    async with server(monkeypatch, user="vouch:p%40ss@", **options) as taken:
        await mail.send(TO, "A seal", "x")
        assert (await mail.deliver(nothing)).sent == 1
    assert given == [LoginPassword(login=b"vouch", password=b"p@ss")]
    assert len(taken.messages) == 1


def certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context for 127.0.0.1 with a certificate of its own making, and the file of that."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    now = clock.now()
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    path, private = folder / "server.pem", folder / "server.key"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain: Any = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    private.write_bytes(key.private_bytes(*plain))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path, private)
    return context, path


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
async def test_a_server_is_trusted_by_its_certificate_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    context, certificate = certified(tmp_path)
    await mail.send(TO, "A seal", "x")
    async with server(monkeypatch, scheme=scheme, tls=context) as taken:
        assert await mail.deliver(nothing) == mail.Delivered(sent=0, waiting=1)
        assert taken.messages == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert await mail.deliver(nothing) == mail.Delivered(sent=1, waiting=0)


async def test_a_server_that_offers_no_encryption_gets_nothing_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    await mail.send(TO, "A seal", "x")
    async with server(monkeypatch, scheme="smtp+starttls") as taken:
        assert await mail.deliver(nothing) == mail.Delivered(sent=0, waiting=1)
    assert taken.messages == []


async def test_two_runs_at_once_send_each_message_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async with server(monkeypatch) as taken:
        for n in range(5):
            await mail.send(TO, f"Letter {n}", "x")
        await asyncio.gather(*(mail.deliver(nothing) for _ in range(3)))
    assert sorted(str(message["Subject"]) for message in taken.messages) == [f"Letter {n}" for n in range(5)]


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        (f"{TO}\nBcc: all@school.example", "A seal"),
        (f"{TO}\r\nBcc: all@school.example", "A seal"),
        (TO, "A seal\nBcc: all@school.example"),
        (TO, "A seal\r\n\r\nAnother text"),
        (f"{TO}, all@school.example", "A seal"),
        ("chair", "A seal"),
        (TO, "x" * 201),
    ],
)
async def test_nobody_adds_a_header_or_a_recipient(data: Path, to: str, subject: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        await mail.send(to, subject, "x")
    assert not (data / "mail" / "outbox").exists()


async def test_a_text_that_looks_like_headers_stays_text(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Bcc: all@school.example\n.\nQUIT\n..\n"
    async with server(monkeypatch) as taken:
        await mail.send(TO, "A seal", text)
        await mail.deliver(nothing)
    (message,) = taken.messages
    assert taken.recipients == [TO]
    assert message.get_content().replace("\r\n", "\n") == text


async def test_after_a_week_a_message_is_gone_wherever_it_is(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with server(monkeypatch):
        await mail.send(TO, "Sent", "x")
        await mail.deliver(nothing)
    await mail.send(TO, "Waiting", "x")
    with clock.at(clock.now() + timedelta(days=6)):
        assert mail.purge_old() == 0
    with clock.at(clock.now() + timedelta(days=8)):
        await mail.send(TO, "New", "x")
        assert mail.purge_old() == 2
    assert (len(files(data, "outbox")), len(files(data, "sent"))) == (1, 0)


@pytest.mark.parametrize(
    "mention", ["Zoë Sørensen", "zoë sørensen", "CHAIR@school.example", "in the attachment", "letter about zoë"]
)
async def test_every_message_that_mentions_somebody_goes_however_it_is_encoded(data: Path, mention: str) -> None:
    text = "Dear " + "x " * 60 + "Zoë Sørensen,\n" + "long line " * 200
    await mail.send(
        TO, "Letter about Zoë", text, [MailAttachment("a.txt", b"what is in the attachment", "application/octet-stream")]
    )
    await mail.send("other@school.example", "About nobody", "x")
    assert mail.purge([mention, ""]) == 1
    assert len(files(data, "outbox")) == 1


async def test_no_log_has_an_address_or_a_text(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    async with server(monkeypatch) as taken:
        taken.answers = [f"550 No such person {TO}"]
        await mail.send(TO, "About Zoë", "Dear Zoë")
        await mail.deliver(nothing)
    await mail.deliver(nothing)
    said = "".join(capfd.readouterr())
    assert "mail_not_taken" in said
    for word in (TO, "Zoë", "school.example"):
        assert word not in said
