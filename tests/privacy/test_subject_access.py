"""A copy of what a school holds about somebody: all that is theirs, no secret, and nothing of other people."""

import csv
import io
import json
import os
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from base.refusals import Forbidden, NotFound
from base.settings import Settings
from base.viewer import KeyScope, Role
from privacy import subject_access
from sharing.people import people
from sharing.sign_in import api_keys
from suppliers.directory import directory
from suppliers.merging import decisions
from suppliers.merging.decisions import Judgement
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from tests.given.builders import a_person, a_school, email_of, events_of, signed_in
from tests.given.checkout import VOUCH
from tests.given.patience import PATIENCE

SAID = Opinion(interest=None, rating=4, praise="Tidy work.", criticism="Dear in March.")


def unpacked(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def as_json(packed: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(unpacked(packed)["what-is-held.json"])
    return found


async def test_it_holds_the_account_what_was_written_and_the_entries(db: Settings) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Bob Brown")
    supplier = (await directory.add(ann, name="Ashby Boilers")).id
    await reviews.review(ann, supplier, opinion=SAID, version=None)
    await reviews.review(bob, supplier, opinion=Opinion(interest=None, rating=5, praise="Bob's words."), version=1)
    await notes.note(ann, supplier, about=About.RECORD, body="Rang them.", files=[Upload("call.txt", b"notes of the call")])
    other = (await directory.add(ann, name="Ashby Heating")).id
    await decisions.decide(ann, supplier, other, Judgement.DIFFERENT, reason="Two brothers.")
    key = await api_keys.create(ann, name="Ours", days=30, scopes=set(KeyScope))
    files = unpacked(await subject_access.give(bob, ann.person))
    held = json.loads(files["what-is-held.json"])
    assert held["person"]["email"] == await email_of(ann)
    assert [one["role"] for one in held["memberships"]] == ["business_manager"]
    assert [(one["supplier"], one["criticism"]) for one in held["reviews"]] == [("Ashby Boilers", "Dear in March.")]
    assert [(one["body"], one["files"]) for one in held["notes"]] == [("Rang them.", ["call.txt"])]
    assert [(one["judgement"], one["reason"]) for one in held["decisions"]] == [("different", "Two brothers.")]
    assert {row["what"] for row in held["trail"]} >= {"person.joined", "review.written", "note.written", "api_key.created"}
    rows = list(csv.DictReader(io.StringIO(files["trail.csv"].decode("utf-8-sig"))))
    assert [row["entry"] for row in rows] == [row["entry"] for row in held["trail"]]
    page = files["what-is-held.html"].decode()
    assert "What Oakfield Primary holds about Ann Archer" in page
    assert "Dear in March." in page
    everything = b"".join(files.values()).decode()
    for secret in (key, key.rpartition("_")[2], "argon2", "Bob's words."):
        assert secret not in everything
    assert (await events_of(oakfield.id))[-1] == "subject_access.given"


async def test_other_people_are_left_out_of_the_entries_that_one_made(db: Settings) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Bob Brown")
    await people.invite(ann, email="ivy@school.example", role=Role.GOVERNOR)
    await people.change_role(bob, ann.person, Role.HEAD)
    everything = json.dumps(as_json(await subject_access.give(bob, ann.person)))
    assert "role.changed" in everything
    for name in ("ivy@school.example", "Bob Brown", await email_of(bob)):
        assert name not in everything


async def test_the_person_may_have_it_and_a_governor_nobody_elses(db: Settings) -> None:
    oakfield = await a_school()
    ann, gus = await a_person(oakfield), await a_person(oakfield, Role.GOVERNOR, "Gus Gray")
    assert as_json(await subject_access.give(gus, gus.person))["person"]["name"] == "Gus Gray"
    with pytest.raises(Forbidden):
        await subject_access.give(gus, ann.person)
    eve = await a_person(await a_school("Elm"), name="Eve Evans")
    with pytest.raises(NotFound):
        await subject_access.give(eve, ann.person)
    async with signed_in(gus) as browser:
        given = await browser.post(f"/people/{gus.person}/data")
        assert given.headers["content-disposition"] == 'attachment; filename="what-is-held.zip"'
        assert set(unpacked(given.content)) == {"what-is-held.html", "what-is-held.json", "trail.csv"}


async def test_somebody_who_left_may_have_it_too(db: Settings) -> None:
    oakfield = await a_school()
    ann, bob = await a_person(oakfield), await a_person(oakfield, name="Bob Brown")
    await people.remove(ann, bob.person)
    assert as_json(await subject_access.give(ann, bob.person))["person"]["name"] == "Bob Brown"


@pytest.mark.pure  # of the SQLite process: it starts Vouch on a file
@pytest.mark.program
async def test_whoever_runs_the_installation_writes_it_to_a_file_of_their_own(db: Settings, tmp_path: Path) -> None:
    oakfield = await a_school()
    ann = await a_person(oakfield)
    env = {"VOUCH_DATABASE_URL": db.database_url, "VOUCH_DATA": str(tmp_path), "PATH": os.environ["PATH"]}
    ask = ("people", "data", await email_of(ann), "--school", str(oakfield.urn), "--to", "ann.zip")
    told = ("--reason", "She asked for it", "--letters-posted")

    def vouch(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [*VOUCH, *words]
        return subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert vouch(*ask).returncode == 2, "no reason"
    silent = vouch(*ask, "--reason", "She asked for it")
    assert silent.returncode != 0
    assert "Dear Ann Archer" in silent.stderr, "the letter to print"
    assert not (tmp_path / "ann.zip").exists()
    assert vouch(*ask, *told).returncode == 0
    assert (tmp_path / "ann.zip").stat().st_mode & 0o777 == 0o600
    assert as_json((tmp_path / "ann.zip").read_bytes())["person"]["name"] == "Ann Archer"
    assert "is there already" in vouch(*ask, *told).stderr
    assert "Nobody who belongs" in vouch(*ask[:2], "x@y.example", *ask[3:5], "--to", "x.zip", *told).stderr
    assert json.loads(vouch("trail", "scrub", "--json").stdout) == {"clean": True}
