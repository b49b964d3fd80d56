"""A backup says who made it: what was changed in it afterwards is named, and restored only where somebody insists."""

from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZIP_STORED, ZipFile

import pytest

import database
from audit import note, vkeys
from audit.seals import keyring, keys
from backups import archive, making, restore_command, restoring
from backups.signing import HEADING, Proof
from base.refusals import Invalid
from base.viewer import Viewer
from suppliers.directory import directory
from suppliers.opinions import reviews
from suppliers.opinions.opinion import Opinion
from suppliers.tables import Review
from tests import conftest
from tests.given.backed_up import Homes, rewrite
from tests.given.builders import a_person, a_school
from tests.given.tampered_database import behind_the_triggers


async def a_review(homes: Homes) -> None:
    """Five stars, in the database to be backed up; the key that signs seals is made."""
    ann: Viewer = await a_person(await a_school("Oakfield Primary"))
    boilers: UUID = (await directory.add(ann, name="Ashby Boilers")).id
    await reviews.review(ann, boilers, opinion=Opinion(interest=None, rating=5), version=None)
    assert await keys.signing()


@pytest.fixture
async def made(homes: Homes, tmp_path: Path) -> Path:
    """A backup, signed."""
    async with conftest.opened(homes.live.database_url):
        await a_review(homes)
        assert (await making.back_up(homes.live, tmp_path / "a.vouch")).signed_by
    return tmp_path / "a.vouch"


@pytest.fixture
async def edited(homes: Homes, made: Path, tmp_path: Path) -> Path:
    """The same with one star, its digest mended and its signature left as it was."""
    async with conftest.opened(homes.live.database_url):
        await behind_the_triggers("UPDATE suppliers_review SET rating = 1")
        await making.back_up(homes.live, tmp_path / "b.vouch")
    to = tmp_path / "edited.vouch"
    with ZipFile(made) as old, ZipFile(tmp_path / "b.vouch") as other, ZipFile(to, "w", ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, (old if name == archive.SIGNATURE else other).read(name))
    return to


async def ratings(homes: Homes) -> list[int]:
    async with conftest.opened(homes.elsewhere.database_url), database.read():
        found: list[int] = await Review.select(Review.rating).output(as_list=True)
    return found


async def restored(homes: Homes, source: Path, **more: Any) -> Proof:
    return (await restoring.restore(homes.elsewhere, source, instead=False, **more)).proof


async def test_a_backup_as_it_was_made_is_said_to_be(homes: Homes, made: Path) -> None:
    assert await restored(homes, made) is Proof.SIGNED
    assert await ratings(homes) == [5]


async def test_a_rating_that_was_changed_in_it_is_refused_and_restored_only_where_somebody_insists(
    homes: Homes, edited: Path
) -> None:
    with pytest.raises(Invalid, match="was edited after it was made"):
        await restored(homes, edited)
    assert await restored(homes, edited, unproven=True) is Proof.FALSE
    assert await ratings(homes) == [1]


async def test_a_signature_that_was_written_anew_is_false_or_another_keys(homes: Homes, edited: Path, tmp_path: Path) -> None:
    """Over the edited manifest: with the name of the true key and without it, with a key of somebody else, and nonsense."""
    with ZipFile(edited) as old:
        true = old.read(archive.SIGNATURE)
        encoded = old.read(archive.MANIFEST)
    right = f"{HEADING}\n{sha256(encoded).hexdigest()}\n"
    secret, vkey = vkeys.new_key("elsewhere.example")
    lines = true.decode().split("\n\n")[1]
    for signature, sentence in (
        (f"{right}\n{lines}".encode(), "was edited"),
        (note.sign_note(right, secret), "by no key of this installation"),
        (b"nonsense", "was edited"),
        (b"", "was edited"),
    ):
        forged = tmp_path / "forged.vouch"
        _signed_as(edited, forged, signature)
        with pytest.raises(Invalid, match=sentence):
            await restored(homes, forged)
    _signed_as(edited, forged, note.sign_note(right, secret))
    assert await restored(homes, forged, known=(vkey,)) is Proof.SIGNED, "whoever names a key believes it"


def _signed_as(path: Path, to: Path, signature: bytes) -> None:
    with ZipFile(path) as old, ZipFile(to, "w", ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, signature if name == archive.SIGNATURE else old.read(name))


async def test_one_of_before_there_were_signatures_is_restored_and_said_to_prove_nothing(
    homes: Homes, edited: Path, tmp_path: Path
) -> None:
    """What was changed in it is named all the same, where the trail tells of it."""
    older = tmp_path / "older.vouch"
    with ZipFile(edited) as old, ZipFile(older, "w", ZIP_STORED) as new:
        for name in (archive.MANIFEST, archive.read(edited).manifest.file):
            new.writestr(name, old.read(name))
    done = await restoring.restore(homes.elsewhere, older, instead=False)
    assert done.proof is Proof.UNSIGNED
    assert any("It is not signed" in line and "could have changed" in line for line in restore_command._words(done))
    assert [finding.what for finding in done.findings if "review" in finding.what]


async def test_without_a_key_it_is_made_unsigned_and_a_signed_one_is_not_checked(
    homes: Homes, made: Path, tmp_path: Path
) -> None:
    (key,) = keyring.load(keys.folder())
    for path in keys.folder().iterdir():
        path.unlink()
    async with conftest.opened(homes.live.database_url):
        done = await making.back_up(homes.live, tmp_path / "c.vouch")
    assert (done.signed_by, "there is no key in" in done.unsigned) == ("", True)
    assert await restored(homes, made) is Proof.UNCHECKED
    with pytest.raises(Invalid, match="--key"):
        await restored(homes, made, known=("no key",))
    done_again = await restoring.restore(homes.elsewhere, made, instead=True, known=(key.vkey,))
    assert done_again.proof is Proof.SIGNED
    assert any("Not asked" in line for line in done_again.unasked), "the signer's memory is not here either"


async def test_a_manifest_of_another_database_is_refused_though_its_signature_is_true(
    homes: Homes, made: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.vouch"
    rewrite(made, other, data=lambda stored: stored + b"more")
    with pytest.raises(Invalid, match="does not have the digest"):
        await restored(homes, other)
