"""Each letter with a seal proves that it continues the one before it to the same person, and brings what witnesses said."""

import io
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

import database
from audit.cosignature import cosignature_line, cosigner_of, new_cosigner, seen_by
from audit.letters.compared import LettersVerdict, compare_letters
from audit.letters.reading import read_letter
from audit.note import split_note
from audit.seals import cosigned, keys, recipients, recovery, seals
from audit.seals.cosigned import UnseenSeal
from base import clock, settings
from base.viewer import Viewer
from sharing.tables import School
from tests.given.builders import a_person, a_school, travel
from tests.given.sealing import forget_from, grow
from vouch import jobs

pytestmark = pytest.mark.usefixtures("db")

CHAIR, AUDITOR = "chair@school.example", "auditor@audit.example"


@pytest.fixture
async def ann(db: object) -> Viewer:
    return await a_person(await a_school())


def to(address: str) -> list[bytes]:
    """The messages to somebody, as they leave, in the order of their seals."""
    files = [path.read_bytes() for path in (settings.current().data / "mail" / "outbox").glob("*.eml")]
    theirs = [one for one in files if str(message_from_bytes(one, policy=policy.SMTP)["To"]) == address]
    return sorted(theirs, key=lambda one: read_letter(one).size)


def words_of(letter: bytes) -> str:
    body = message_from_bytes(letter, policy=policy.SMTP).get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return " ".join(str(body.get_content()).split())


def compared(*letters: bytes) -> LettersVerdict:
    return compare_letters([io.BytesIO(one) for one in letters])


async def write_again(ann: Viewer, monkeypatch: pytest.MonkeyPatch, *, days: int = 8) -> None:
    travel(monkeypatch, days=days)
    await grow(3, str(ann.school))
    await seals.seal(str(ann.school))
    await recipients.write_to_all_due()  # and no other job: one forgets letters of a week ago


async def test_each_letter_proves_that_it_continues_the_one_before(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    await recipients.add(ann, CHAIR)
    await jobs.run_due()
    await write_again(ann, monkeypatch)
    await write_again(ann, monkeypatch)
    first, second, third = to(CHAIR)
    found = [read_letter(one) for one in (first, second, third)]
    assert [one.after for one in found] == [None, found[0].size, found[1].size]
    assert compared(first, second).status == compared(third, first, second).status == "holds"
    assert compared(first, third).status == "unreadable"
    assert compared(first, second).facts.copy == "self-asserted"  # type: ignore[union-attr]
    assert "The letter before this one was of" in words_of(second)
    assert "The letter before" not in words_of(first)


async def test_letters_call_the_school_what_it_is_called_now(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    await recipients.add(ann, CHAIR)
    async with database.write():
        await School.update({School.name: "Oakfield Academy"}).where(School.id == ann.school)
    await write_again(ann, monkeypatch)
    (letter,) = to(CHAIR)
    assert words_of(letter).startswith("Oakfield Academy keeps an audit trail")
    assert "Oakfield Academy" in str(message_from_bytes(letter, policy=policy.SMTP)["Subject"])


async def test_a_letter_sent_again_has_the_same_proof_again(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    await recipients.add(ann, CHAIR)
    await jobs.run_due()
    await write_again(ann, monkeypatch)
    travel(monkeypatch, hours=2)
    await recipients.send_now(ann)
    first, second, again = to(CHAIR)
    assert read_letter(second).after == read_letter(again).after == read_letter(first).size
    assert compared(first, again).status == "holds"


async def test_who_was_named_later_has_a_first_letter_of_their_own(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    await recipients.add(ann, CHAIR)
    await jobs.run_due()
    await recipients.add(ann, AUDITOR)
    await write_again(ann, monkeypatch)
    await write_again(ann, monkeypatch)
    own = [read_letter(one) for one in to(AUDITOR)]
    assert [one.after for one in own] == [None, own[0].size]


async def test_letters_from_before_it_was_kept_who_got_them_went_to_all(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    await recipients.add(ann, CHAIR)
    seal = await seals.seal(str(ann.school))
    assert seal is not None
    await seals.note_delivery(seal, "queued")
    await write_again(ann, monkeypatch)
    (letter,) = to(CHAIR)
    assert read_letter(letter).after == seal.size


async def test_a_trail_that_was_rewritten_is_red_in_two_letters(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    """By whoever holds database, key and memory."""
    trail = str(ann.school)
    await recipients.add(ann, CHAIR)
    await grow(5, trail)
    await jobs.run_due()
    (first,) = to(CHAIR)
    size = read_letter(first).size
    await forget_from(size - 2, trail)
    await grow(2, trail, "b")
    (settings.current().keys / "memory.sqlite").unlink()
    await recipients.send_now(ann)
    second = next(one for one in to(CHAIR) if one != first)
    assert (read_letter(second).size, compared(first, second).fault) == (size, "letter-fork")
    await write_again(ann, monkeypatch)
    (third,) = (one for one in to(CHAIR) if one not in (first, second))
    assert compared(first, third).fault == "letter-proof"
    assert compared(second, third).status == "holds"


async def test_a_trail_that_began_anew_says_so(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    trail = str(ann.school)
    await recipients.add(ann, CHAIR)
    await grow(3, trail)
    await jobs.run_due()
    (first,) = to(CHAIR)
    await grow(4, trail)
    await seals.seal(trail)
    await forget_from(read_letter(first).size + 1, trail)
    await recovery.recover_some([trail], await keys.signing(), memory_lost=False)
    await write_again(ann, monkeypatch)
    second = next(one for one in to(CHAIR) if one != first)
    assert (read_letter(second).after, compared(first, second).fault) == (None, "letter-trail")
    assert "The trail began anew since" in words_of(second)


async def test_what_witnesses_said_of_the_seal_goes_with_it(ann: Viewer) -> None:
    await recipients.add(ann, CHAIR)
    seal = await seals.seal(str(ann.school))
    assert seal is not None
    text, _ = split_note(seal.note)
    secrets = [new_cosigner("other.example/witness", kind) for kind in (b"\x04", b"\x06")]
    at = int(clock.now().timestamp())
    lines = "".join(cosignature_line(text, secret, at) for secret, _ in secrets).encode()
    await cosigned.keep(UnseenSeal(seal.trail, seal.origin, seal.size, seal.note, 0), "other", lines=lines)
    await recipients.send_now(ann)
    (letter,) = to(CHAIR)
    files = [part.get_content() for part in message_from_bytes(letter, policy=policy.SMTP).iter_attachments()]
    assert files == [seal.note, seal.note + lines], "the first is what a time stamp is about"
    assert len(seen_by(read_letter(letter).note, [cosigner_of(vkey) for _, vkey in secrets])) == 2
    assert lines.decode().split("\n")[0] in words_of(letter)
    assert lines.decode().split("\n")[1] not in words_of(letter)
