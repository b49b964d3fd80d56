"""One entry out of a pack, as a file of C2SP tlog-proof: made for each entry, read as the text says, false once it is changed."""

import io
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from audit import note, vkeys
from audit.errors import VerificationError
from audit.proven import one_entry
from audit.proven.commands import in_words
from audit.proven.one_entry import EntryVerdict, NotProven
from audit.proven.tlog_proof import LogProof, proof_text, read_proof
from tests.given.hand_made_packs import ORIGIN, OTHER_PACK_MLDSA_KEY, SIGNING_KEY, inclusion, mldsa_vkey, signing_key, unzipped
from tests.given.pack_samples import MLDSA_VKEY, OTHER_VKEY, VKEY, recovered, samples, trail
from tests.given.tampering import tamperings
from tests.given.witnessing import ASH, OAK
from vouch import cli

pytestmark = pytest.mark.pure

SEALED = [name for name, data in samples().items() if "checkpoint" in unzipped(data) and "of nothing" not in name]
HASHES = (bytes(range(32)), bytes(range(1, 33)))
NOTE = "example.com/log\n12\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— example.com/log AAAAAAAA\n".encode()


def made(sample: str, idx: int) -> bytes:
    return one_entry.prove(io.BytesIO(samples()[sample]), idx)


def checked(data: bytes, *keys: str, policy: str = "") -> EntryVerdict:
    return one_entry.check(io.BytesIO(data), keys=keys, policy=io.BytesIO(policy.encode()) if policy else None)


def by_the_text(data: bytes) -> tuple[int, list[bytes], bytes, dict[str, Any]]:
    """Index, hashes, checkpoint and what stands beside, read by the words of C2SP tlog-proof alone."""
    lines = data.decode().split("\n")
    assert lines.pop(0) == "c2sp.org/tlog-proof@v1"
    assert lines[0].startswith("extra ")
    extra = json.loads(b64decode(lines.pop(0)[6:], validate=True))
    index = re.fullmatch(r"index (0|[1-9][0-9]*)", lines.pop(0))
    assert index
    hashes = []
    while line := lines.pop(0):
        hashes.append(b64decode(line, validate=True))
    return int(index[1]), hashes, "\n".join(lines).encode(), extra


class TestTheFile:
    def test_is_written_as_the_text_has_it(self) -> None:
        text = (
            b"c2sp.org/tlog-proof@v1\nextra YSBsaW5l\nindex 7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
            b"AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\n\n"
        ) + NOTE
        proof = LogProof(7, HASHES, NOTE, b"a line")
        assert proof_text(proof) == text
        assert read_proof(text) == proof

    def test_leaves_out_what_there_is_none_of(self) -> None:
        text = b"c2sp.org/tlog-proof@v1\nindex 0\n\n" + NOTE
        assert proof_text(LogProof(0, (), NOTE)) == text
        assert read_proof(text) == LogProof(0, (), NOTE)

    @pytest.mark.parametrize("first", ["", "wrong\n", " c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\r\n", "index 0\n"])
    def test_that_begins_otherwise_is_refused(self, first: str) -> None:
        with pytest.raises(VerificationError):
            read_proof(f"{first}index 0\n\n".encode() + NOTE)

    @pytest.mark.parametrize(
        "rest",
        [
            "\n", "index 0\n", "index no\n\n", "index -1\n\n", "index 01\n\n", "index 9223372036854775807\n\n", "index 0 \n\n",
            "extra \nindex 0\n\n", "extra no!\nindex 0\n\n", "extra YR==\nindex 0\n\n", "extra YQ==\nextra YQ==\nindex 0\n\n",
            "index 0\nextra YQ==\n\n", "index 0\nno!\n\n", f"index 0\n{b64encode(bytes(16)).decode()}\n\n",
            "index 0\n" + f"{b64encode(bytes(32)).decode()}\n" * 64 + "\n", f"extra {'YWFh' * 300_000}\nindex 0\n\n",
            f"index 0\n\n{'a' * 2_000_000}",
        ],
    )  # fmt: skip
    def test_that_goes_on_otherwise_is_refused(self, rest: str) -> None:
        with pytest.raises(VerificationError):
            read_proof(f"c2sp.org/tlog-proof@v1\n{rest}".encode() + NOTE)

    def test_that_ends_before_a_checkpoint_is_refused(self) -> None:
        with pytest.raises(VerificationError):
            read_proof(b"c2sp.org/tlog-proof@v1\nindex 0")


class TestEachEntryOfAPack:
    @pytest.mark.parametrize("sample", SEALED)
    def test_holds_by_itself_and_says_what_the_pack_says_of_it(self, sample: str) -> None:
        files = unzipped(samples()[sample])
        note, lines = files["checkpoint"], [json.loads(line) for line in files["entries.jsonl"].splitlines()]
        for line in lines:
            idx = json.loads(line["header"])["idx"]
            data = made(sample, idx)
            index, _, checkpoint, extra = by_the_text(data)
            assert (index, checkpoint) == (idx, note)
            assert extra == {name: value for name, value in line.items() if name != "proof"}
            found = checked(data, VKEY)
            assert (found.status, found.what) == (
                "holds", f"Entry {idx + 1} is in the trail that the seal is of, unaltered. It says nothing about any other."
            )  # fmt: skip
            assert found.facts
            assert (found.facts.row is None) == ("openings" not in line)

    def test_has_the_proof_that_a_naive_reading_of_rfc_6962_gives(self) -> None:
        leaves = trail().leaves(None)
        for idx in range(len(leaves)):
            assert by_the_text(made("complete", idx))[1] == inclusion(idx, leaves)

    def test_that_it_does_not_show_or_that_nothing_vouches_for_has_none(self) -> None:
        refused = {
            ("complete", 11): "The pack does not show an entry 12.",
            ("extract", 2): "The pack does not show an entry 3.",
            ("complete, not sealed", 1): "The pack has no seal",
        }
        for (sample, idx), why in refused.items():
            with pytest.raises(NotProven, match=why):
                made(sample, idx)
        row = next(row for row in tamperings() if row.name == "a rating is edited")
        with pytest.raises(NotProven, match="Entry 2: what is shown"):
            one_entry.prove(io.BytesIO(row.change(samples()[row.sample])), 0)

    def test_from_before_a_trail_began_anew_says_so(self) -> None:
        told = in_words(checked(made("complete, recovered", 1), VKEY))
        assert f"Called {recovered().origins[0][0]} when the entry was made: it began anew since. Ask why" in told

    def test_is_told_in_words(self) -> None:
        told = in_words(checked(made("complete", 1), VKEY))
        assert told.startswith("HOLDS. Entry 2 is in the trail")
        for line in ("Stream: supplier:boilers", "What: review.written", "New: rating: 4; ", "Seal: signed by vouch.example.org"):
            assert f"\n  {line}" in told
        closed = in_words(checked(made("complete of one stream", 2), VKEY))
        assert "What it says was not opened in the pack that it is from" in closed
        hidden = in_words(checked(made("complete, for one who reads no criticism", 1), VKEY))
        assert "Values that are not shown, withheld or erased: 1" in hidden
        assert "withheld: 1" in hidden  # where the sheet says so too


def changed(data: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """The file with another entry beside its proof."""
    proof = read_proof(data)
    extra = json.loads(proof.extra)
    change(extra)
    text = json.dumps(extra, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return proof_text(LogProof(proof.index, proof.path, proof.checkpoint, text))


def other(data: bytes, **parts: Any) -> bytes:
    proof = read_proof(data)
    values = {"index": proof.index, "path": proof.path, "checkpoint": proof.checkpoint, "extra": proof.extra, **parts}
    return proof_text(LogProof(**values))


class TestWhatIsChangedOrNotSigned:
    def test_fails_or_is_unreadable(self) -> None:
        right, neighbour, path = made("complete", 1), read_proof(made("complete", 2)), read_proof(made("complete", 1)).path
        smaller = read_proof(made("earlier", 1)).checkpoint
        not_there = "The entry is not in the trail that the seal is of"

        def rename(extra: dict[str, Any]) -> None:
            extra["openings"]["facts"]["value"] = '{"rating":5}'

        def recount(extra: dict[str, Any]) -> None:
            extra["header"] = extra["header"].replace('"sseq":0', '"sseq":7')

        for data, status, why in (
            (changed(right, rename), "fails", "Entry 2: what is shown as its facts is not what the entry committed to."),
            (changed(right, recount), "fails", not_there),
            (other(right, index=2), "fails", "The proof is of entry 3, and what it shows says that it is entry 2."),
            (other(right, index=2, extra=neighbour.extra), "fails", not_there),
            (other(right, path=(path[1], path[0], *path[2:])), "fails", not_there),
            (other(right, path=path[:-1]), "fails", not_there),
            (other(right, path=(*path, bytes(32))), "fails", not_there),
            (other(right, checkpoint=smaller), "fails", not_there),
            (
                other(right, checkpoint=read_proof(right).checkpoint.replace(b"\n11\n", b"\n12\n")),
                "fails",
                "The seal does not hold",
            ),
            (other(right, checkpoint=b"nothing\n"), "fails", "The seal does not hold"),
            (other(right, extra=b""), "unreadable", "This is no proof of an entry: it does not bring its entry."),
            (other(right, extra=b"words"), "unreadable", "This is no proof of an entry: its entry is in no form"),
            (other(right, extra=b"a" * 300_000), "unreadable", "This is no proof of an entry: it does not bring"),
            (right[1:], "unreadable", "This is no proof of an entry: it does not begin"),
            (b"a" * 3_000_000, "unreadable", "This is no proof of an entry: the proof is larger"),
        ):
            found = checked(data, VKEY)
            assert (found.status, found.what[: len(why)], found.facts) == (status, why, None)

    def test_an_opening_of_another_form_fails(self) -> None:
        """Committed by nobody whom we know, and all the same no opening."""
        value, salt = '{"at":1}', bytes(32)
        name = b"event"
        made_ = sha256(b"vouch-audit-field/1\n" + len(name).to_bytes(2, "big") + name + salt + value.encode()).hexdigest()
        header = f'{{"c":["{made_}"],"idx":0,"origin":"example.com/log","sseq":0,"stream":"{"0" * 32}","v":1}}'
        extra = json.dumps({"header": header, "openings": {"event": {"salt": salt.hex(), "value": value}}}, separators=(",", ":"))
        root = sha256(b"\0" + header.encode()).digest()
        signed = note.sign_note(note.checkpoint_text("example.com/log", 1, root), SIGNING_KEY)
        found = checked(proof_text(LogProof(0, (), signed, extra.encode())), VKEY)
        assert found.what == "Entry 1: its event is not in the form that it should have."

    def test_whose_key_it_is_has_to_be_known(self) -> None:
        data = made("complete", 1)
        assert checked(data, OTHER_VKEY).what == "The seal does not hold: nobody whose key is known signed this."
        for keys in ((), ("CDJY 2FC4 27GJ 4NJY VSZ3 TZ8A 3R42 5RSJ",)):
            assert (checked(data, *keys).status, checked(data, *keys).what) == ("unreadable", one_entry.NO_KEY)
        assert checked(data, "no key").status == "unreadable"

    def test_where_both_keys_are_given_both_have_signed(self) -> None:
        both, one = made("sealed by two keys", 1), made("complete", 1)
        found = checked(both, VKEY, MLDSA_VKEY)
        assert found.facts
        assert [key.algorithm for key in found.facts.signers] == ["Ed25519", "ML-DSA-44"]
        assert checked(one, VKEY, MLDSA_VKEY).what.startswith("The seal does not hold: it is signed by a key of one kind")
        assert checked(both, VKEY, mldsa_vkey(OTHER_PACK_MLDSA_KEY)).status == "fails"

    def test_a_policy_says_who_must_have_seen_the_seal(self) -> None:
        data = made("complete", 1)
        seen = other(data, checkpoint=read_proof(data).checkpoint + OAK.line(read_proof(data).checkpoint))
        policy = f"log {VKEY}\nwitness oak {OAK.vkey}\nwitness ash {ASH.vkey}\ngroup one any oak ash\nquorum one\n"
        found = checked(seen, policy=policy)
        assert found.facts
        assert [one.name for one in found.facts.seen or ()] == [OAK.name]
        assert f"\n  Seen by {OAK.name} at 2026-11-04T10:00:00Z" in in_words(found)
        assert checked(data, policy=policy).what.startswith("The seal was not seen by those whom your policy asks for")

    def test_a_policy_takes_a_log_for_its_own_trails_only(self) -> None:
        data, stranger = made("complete", 1), signing_key(bytes(range(9, 41)), "other.example")
        text = read_proof(data).checkpoint.decode().rpartition("\n\n")[0] + "\n"
        signed = other(data, checkpoint=note.sign_note(text, stranger))
        policy = f"log {vkeys.vkey_of(stranger)}\nquorum none\n"
        assert "it is of the log" in checked(signed, policy=policy).what
        assert checked(signed, vkeys.vkey_of(stranger), policy=policy).status == "holds"


class TestTheCommands:
    def run(self, *arguments: object) -> tuple[int, str]:
        done = CliRunner(env={"VOUCH_DATABASE_URL": "nonsense"}).invoke(cli.vouch, ["trail", *map(str, arguments)])
        return done.exit_code, done.output

    def test_write_a_file_and_check_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "pack.zip").write_bytes(samples()["complete"])
        status, told = self.run("proof", "pack.zip", "--entry", 2)
        assert (status, told[:32]) == (0, "Written: entry-2.tlog-proof. It ")
        assert (tmp_path / "entry-2.tlog-proof").read_bytes() == made("complete", 1)
        assert self.run("proof", "pack.zip", "--entry", 2, "--to", "two")[0] == 0
        for to in ("two", "no/such/folder"):  # what is there stays
            assert self.run("proof", "pack.zip", "--entry", 1, "--to", to)[0] == 1
        assert (tmp_path / "two").read_bytes() == made("complete", 1)
        assert self.run("verify-proof", "two", "--key", VKEY)[0] == 0
        assert self.run("verify-proof", "two", "--key", OTHER_VKEY)[0] == 1
        assert self.run("verify-proof", "two", "--key", VKEY, "--origin", ORIGIN)[0] == 0
        assert self.run("verify-proof", "two", "--key", VKEY, "--origin", f"{ORIGIN}0") == (
            1, f"FAILS. The entry is in another trail than the one that you named: {ORIGIN}.\n"
        )  # fmt: skip
        assert self.run("verify-proof", "pack.zip", "--key", VKEY)[0] == self.run("verify-proof", "none", "--key", VKEY)[0] == 2
        status, told = self.run("verify-proof", "two", "--key", VKEY, "--json")
        found = json.loads(told)
        assert (status, found["status"], found["facts"]["row"]["what"]) == (0, "holds", "review.written")

    def test_refuse_what_has_no_proof(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "pack.zip").write_bytes(samples()["complete, not sealed"])
        status, told = self.run("proof", "pack.zip", "--entry", 2)
        assert (status, told[:21]) == (1, "The pack has no seal,")
        assert self.run("proof", "pack.zip", "--entry", 0)[0] == 2
        assert self.run("proof", "none.zip", "--entry", 1)[0] == 1
