"""The signer signs what continues what it signed before: nothing smaller, nothing else, whoever asks at the same moment."""

import multiprocessing
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from audit import merkle, ranges
from audit.note import open_note, parse_checkpoint
from audit.seals import beside_key, keyring, signer
from audit.seals.keyring import SigningKey
from audit.seals.signer import Overtaken, Signed, SigningRefused, SigningRequest
from base.settings import SettingsError

pytestmark = pytest.mark.pure

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
ORIGIN = "vouch.example/trail/1"


def leaves(count: int, *, kind: str = "") -> list[bytes]:
    return [merkle.leaf_hash(f"{kind}{n}".encode()) for n in range(count)]


def ask(have: Sequence[bytes], *, after: int = 0, origin: str = ORIGIN, trail: str = "") -> SigningRequest:
    """To sign a tree of these leaves, which continues ``after`` of them."""
    path = ranges.consistency_ranges(after, len(have)) if 0 < after <= len(have) else ()
    proof = tuple(merkle.root(have[start:end]) for start, end in path)
    return SigningRequest(trail or f"the trail {origin}", origin, len(have), merkle.root(have), after, proof)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def key(folder: Path) -> SigningKey:
    return keyring.create(folder, "vouch.example", replaces="", since=NOW)


def only(answers: tuple[signer.SigningAnswer, ...]) -> signer.SigningAnswer:
    (answer,) = answers
    return answer


def test_a_head_is_signed_so_that_its_key_opens_it(folder: Path, key: SigningKey) -> None:
    answer = only(signer.sign(folder, [key], [ask(leaves(5))]))
    assert isinstance(answer, Signed)
    text, names = open_note(answer.note, [key.vkey])
    checkpoint = parse_checkpoint(text)
    assert names == ("vouch.example",)
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (ORIGIN, 5, merkle.root(leaves(5)))


def test_every_size_that_continues_the_last_one_is_signed(folder: Path, key: SigningKey) -> None:
    last = 0
    for size in (1, 2, 3, 7, 8, 9, 300, 513):
        assert isinstance(only(signer.sign(folder, [key], [ask(leaves(size), after=last)])), Signed), size
        last = size


def test_the_same_head_gets_the_same_note_again(folder: Path, key: SigningKey) -> None:
    first = only(signer.sign(folder, [key], [ask(leaves(5))]))
    again = only(signer.sign(folder, [key], [ask(leaves(5), after=5)]))
    assert first == again


@pytest.mark.parametrize(
    ("have", "says"),
    [
        (leaves(3), "has only 3"),
        (leaves(5, kind="other"), "not those that were sealed"),
        ([*leaves(4), *leaves(6, kind="other")], "not those that were sealed"),
    ],
    ids=["an older backup", "as many other entries", "a backup that grew differently"],
)
def test_what_does_not_continue_the_last_head_is_refused_with_what_to_do(
    folder: Path, key: SigningKey, have: list[bytes], says: str
) -> None:
    signer.sign(folder, [key], [ask(leaves(5))])
    answer = only(signer.sign(folder, [key], [ask(have, after=5)]))
    assert isinstance(answer, SigningRefused)
    assert says in answer.sentence
    assert "vouch trail recover" in answer.sentence
    assert signer.remembered(folder, [ORIGIN])[ORIGIN].size == 5


def test_a_proof_of_something_else_is_refused(folder: Path, key: SigningKey) -> None:
    signer.sign(folder, [key], [ask(leaves(5))])
    right = ask(leaves(9), after=5)
    for proof in ((), right.proof[:-1], (*right.proof, bytes(32)), right.proof[::-1]):
        answer = only(signer.sign(folder, [key], [SigningRequest(f"the trail {ORIGIN}", ORIGIN, 9, right.root, 5, proof)]))
        assert isinstance(answer, SigningRefused)


def test_who_looked_before_another_signed_is_told_to_look_again(folder: Path, key: SigningKey) -> None:
    signer.sign(folder, [key], [ask(leaves(5))])
    signer.sign(folder, [key], [ask(leaves(7), after=5)])
    assert only(signer.sign(folder, [key], [ask(leaves(6), after=5)])) == Overtaken(ORIGIN)
    assert only(signer.sign(folder, [key], [ask(leaves(6))])) == Overtaken(ORIGIN)


def test_a_trail_that_was_signed_is_not_signed_under_another_name(folder: Path, key: SigningKey) -> None:
    signer.sign(folder, [key], [ask(leaves(5), trail="a school")])
    other = ask(leaves(9, kind="other"), origin="vouch.example/trail/2", trail="a school")
    answer = only(signer.sign(folder, [key], [other]))
    assert isinstance(answer, SigningRefused)
    assert "another one was put in its place" in answer.sentence
    signer.rename(folder, "a school", other.origin)
    assert isinstance(only(signer.sign(folder, [key], [other])), Signed)


def test_each_origin_is_remembered_by_itself(folder: Path, key: SigningKey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signer, "AT_ONCE", 30)
    asks = [ask(leaves(n % 7 + 1), origin=f"vouch.example/trail/{n}") for n in range(2 * signer.AT_ONCE + 1)]
    assert all(isinstance(answer, Signed) for answer in signer.sign(folder, [key], asks))
    known = signer.remembered(folder, [a.origin for a in asks])
    assert {origin: signed.size for origin, signed in known.items()} == {a.origin: a.size for a in asks}


def race(folder: Path, key: SigningKey, have: list[bytes]) -> signer.SigningAnswer:
    """In a thread or process of its own."""
    return only(signer.sign(folder, [key], [ask(have, after=5)]))


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # whose threads have ended
@pytest.mark.parametrize("where", ["threads", "processes"])
def test_of_two_that_sign_different_histories_at_once_one_wins(folder: Path, key: SigningKey, where: str) -> None:
    signer.sign(folder, [key], [ask(leaves(5))])
    histories = [[*leaves(5), *leaves(3, kind=str(n))] for n in range(4)]
    if where == "threads":
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda have: race(folder, key, have), histories))
    else:
        with multiprocessing.get_context("fork").Pool(4) as pool:
            answers = pool.starmap(race, [(folder, key, have) for have in histories])
    signed = [answer for answer in answers if isinstance(answer, Signed)]
    assert len(signed) == 1
    assert signer.remembered(folder, [ORIGIN])[ORIGIN] == signed[0]
    assert sum(isinstance(answer, Overtaken) for answer in answers) == 3


def test_a_note_is_on_the_disk_before_anybody_has_it(folder: Path, key: SigningKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is handed out when the memory can't be written."""
    signer.sign(folder, [key], [ask(leaves(5))])
    with sqlite3.connect(folder / signer.FILE, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        monkeypatch.setattr(beside_key, "WAIT_SECONDS", 0)
        with pytest.raises(sqlite3.OperationalError):
            signer.sign(folder, [key], [ask(leaves(6), after=5)])
        other.execute("ROLLBACK")
    assert signer.remembered(folder, [ORIGIN])[ORIGIN].size == 5


def sign_until_killed(folder: Path, key: SigningKey, to: Connection) -> None:
    """Each size that was signed, after it was: in a process of its own."""
    known = signer.remembered(folder, [ORIGIN])
    size = known[ORIGIN].size if known else 0
    while True:
        answer = only(signer.sign(folder, [key], [ask(leaves(size + 1), after=size)]))
        assert isinstance(answer, Signed)
        size = answer.size
        to.send(size)


@pytest.mark.fault
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # whose threads have ended
def test_a_signer_killed_at_any_moment_remembers_every_note_that_it_gave_away(folder: Path, key: SigningKey) -> None:
    forked, given = multiprocessing.get_context("fork"), 0
    for lines in (3, 1, 7, 2):
        here, there = forked.Pipe(duplex=False)
        signing = forked.Process(target=sign_until_killed, args=(folder, key, there))
        signing.start()
        there.close()
        for _ in range(lines):
            given = here.recv()
        signing.kill()
        signing.join()
        with suppress(EOFError):
            while True:
                given = here.recv()
        last = signer.remembered(folder, [ORIGIN])[ORIGIN]
        assert (last.size >= given, last.root) == (True, merkle.root(leaves(last.size)))
        other = only(signer.sign(folder, [key], [ask(leaves(last.size, kind="other"), after=last.size)]))
        assert isinstance(other, SigningRefused)


def test_two_keys_sign_one_note(folder: Path, key: SigningKey) -> None:
    newer = keyring.create(folder, "vouch.example", replaces=key.vkey, since=NOW)
    answer = only(signer.sign(folder, [newer, key], [ask(leaves(5))]))
    assert isinstance(answer, Signed)
    for known in (newer, key):
        assert open_note(answer.note, [known.vkey])[1] == ("vouch.example",)


def test_nobody_else_may_read_the_key_or_the_memory(folder: Path, key: SigningKey) -> None:
    signer.sign(folder, [key], [ask(leaves(5))])
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("what", ["folder", "key"])
def test_a_key_that_others_may_read_is_refused_in_one_sentence(folder: Path, key: SigningKey, what: str) -> None:
    (folder if what == "folder" else key.path).chmod(0o755 if what == "folder" else 0o640)
    with pytest.raises(SettingsError, match=r"Others may read .* Run: chmod (700|600) "):
        keyring.load(folder)


def test_a_damaged_key_is_named_and_its_text_is_not(folder: Path, key: SigningKey) -> None:
    key.path.write_text(key.path.read_text().replace("PRIVATE+KEY+", "PRIVATE+"))
    with pytest.raises(SettingsError, match=r"001\.key") as refused:
        keyring.load(folder)
    assert key.secret[-20:] not in str(refused.value)


def test_two_that_make_the_first_key_at_once_get_one_and_the_same(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: keyring.create(folder, "vouch.example", replaces="", since=NOW), range(8)))
    assert len({key.vkey for key in made}) == 1
    assert sorted(path.name for path in folder.iterdir()) == ["001.key", "001.mldsa"]


def test_a_key_does_not_show_in_what_a_program_prints(key: SigningKey) -> None:
    assert key.secret not in repr(key)
    assert "PRIVATE" not in repr(key)
