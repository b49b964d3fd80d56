"""Beside each key that signs seals signs one by ML-DSA-44, also at an installation that is older than that."""

import asyncio
import io

import pytest

import audit
import database
from audit.fingerprint import fingerprint
from audit.log import fsck
from audit.note import signers_of, split_note
from audit.seals import keyring, keys, rotation, seals
from audit.tables import CosignerRow, Entry
from audit.verifier.verify import verify_pack
from audit.vkeys import MLDSA_TYPE, new_key
from base import clock
from tests.given.builders import stranger, travel
from tests.given.hand_made_packs import unzipped
from tests.given.sealing import TRAIL, a_pack, fault_of, grow, sealed, triggers_off

pytestmark = pytest.mark.usefixtures("db")


async def as_before() -> str:
    """An installation that has made a seal by Ed25519 alone, as all did; its vkey."""
    (key,) = await keys.signing()
    assert key.cosigner
    key.path.with_suffix(".mldsa").unlink()
    async with triggers_off():
        await CosignerRow.raw("DELETE FROM audit_cosigner")
    return key.vkey


def read_me_in(pack: bytes) -> str:
    return unzipped(pack)["READ-ME.txt"].decode()


async def told() -> list[tuple[str, str]]:
    async with database.read():
        rows = await Entry.select(Entry.trail, Entry.subject).where(Entry.type == "key.joined").order_by(Entry.trail)
    return [(row["trail"], row["subject"]) for row in rows]


async def test_the_first_seal_has_a_line_of_each_kind_and_no_entry_says_so() -> None:
    seal = await sealed()
    (vkey,), (cosigner,) = await seals.verifier_keys(), await seals.cosigner_keys()
    assert [key.type for key in signers_of(seal.note, [cosigner, vkey])[1]] == [b"\x01", MLDSA_TYPE]
    at = int.from_bytes(split_note(seal.note)[1][1].signature[:8], "big")
    assert abs(at - clock.now().timestamp()) < 60
    assert await told() == []
    assert [key.cosigner for key in await keys.public()] == [cosigner]
    async with stranger() as anybody:
        page = (await anybody.get("/verify/keys")).text
    assert all(f"<span>{group}</span>" in page for key in (vkey, cosigner) for group in fingerprint(key).split())


async def test_an_older_installation_gets_one_at_its_next_sealing_and_every_trail_says_so_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vkey = await as_before()
    await grow()
    await grow(trail="other")
    travel(monkeypatch, hours=1)
    (own,) = await keys.signing()
    assert own.vkey == vkey
    assert [batch async for batch in rotation.tell()] == [2]
    assert [batch async for batch in rotation.tell()] == []
    (cosigner,) = await seals.cosigner_keys()
    subject = "key:" + "+".join(cosigner.split("+")[:2])
    assert await told() == [(trail, subject) for trail in sorted([TRAIL, "other", audit.OPERATOR])]
    seal = await sealed()
    assert len(signers_of(seal.note, [vkey, cosigner])[1]) == 2
    assert (await fault_of(), await fsck.strays()) == ("", None)


async def test_two_processes_that_find_none_agree_on_one(monkeypatch: pytest.MonkeyPatch) -> None:
    await as_before()
    travel(monkeypatch, hours=1)
    found = await asyncio.gather(*(keys.signing() for _ in range(4)))
    assert len({own[0].cosigner.vkey for own in found if own[0].cosigner}) == 1
    assert len(await seals.cosigner_keys()) == len(await told()) == 1


async def test_a_rotation_makes_both_anew_and_retires_both(monkeypatch: pytest.MonkeyPatch) -> None:
    await sealed()
    (old,) = await keys.signing()
    new = await keys.replace(is_lost=False)
    assert old.cosigner
    assert new.cosigner
    assert await seals.cosigner_keys() == (new.cosigner.vkey, old.cosigner.vkey)
    seal = await sealed()
    assert len(signers_of(seal.note, [old.vkey, new.vkey, old.cosigner.vkey, new.cosigner.vkey])[1]) == 4
    assert await told() == []
    travel(monkeypatch, days=91)
    assert await rotation.retire() == 1
    assert sorted(path.name for path in keys.folder().glob("0*")) == ["002.key", "002.mldsa"]
    assert len(split_note((await sealed()).note)[1]) == 2


async def test_one_whose_file_was_lost_is_followed_by_another_which_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    await sealed()
    (key,) = await keys.signing()
    assert key.cosigner
    key.path.with_suffix(".mldsa").unlink()
    travel(monkeypatch, hours=1)
    (again,) = await keys.signing()
    assert again.cosigner
    assert again.cosigner.vkey != key.cosigner.vkey
    assert await seals.cosigner_keys() == (again.cosigner.vkey, key.cosigner.vkey)
    assert len(await told()) == 1
    assert (await fault_of(), await fsck.strays()) == ("", None)


async def test_one_that_somebody_entered_is_found() -> None:
    await sealed()
    (key,) = await keys.signing()
    _, theirs = new_key("evil.example", MLDSA_TYPE)
    async with database.housekeeping():  # what the role that serves may do
        await CosignerRow.insert(CosignerRow(vkey=theirs, beside=key.vkey, since=clock.now()))
    finding = await fsck.strays()
    assert finding is not None
    assert "signs beside another" in finding.what


async def test_a_file_that_others_may_read_is_refused_as_its_neighbour_is() -> None:
    (key,) = await keys.signing()
    key.path.with_suffix(".mldsa").chmod(0o640)
    with pytest.raises(Exception, match="Others may read"):
        keyring.load(keys.folder())


async def test_a_pack_lists_both_keys_and_holds_with_either_and_with_both() -> None:
    await sealed(3)
    made = await a_pack()
    (vkey,), (cosigner,) = await seals.verifier_keys(), await seals.cosigner_keys()
    assert f"ML-DSA-44: the whole key is in manifest.json\n  Fingerprint  {fingerprint(cosigner)}" in read_me_in(made)
    for given in ((), (vkey,), (cosigner,), (vkey, cosigner)):
        verdict = verify_pack(io.BytesIO(made), keys=given)
        assert verdict.facts, verdict.what
        assert verdict.facts.trust == ("given" if given else "self-asserted")
        names = {(): ("Ed25519", "ML-DSA-44"), (vkey,): ("Ed25519",), (cosigner,): ("ML-DSA-44",)}
        assert verdict.facts.algorithms == names.get(given, ("Ed25519", "ML-DSA-44"))
