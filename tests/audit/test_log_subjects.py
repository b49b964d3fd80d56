"""Streams and subjects are called today what they were called yesterday: their names are stored and sealed."""

from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.log import streams, subjects
from audit.log.subjects import Subject
from audit.verifier import openings
from base.viewer import ABOUT_THE_TRAIL

pytestmark = pytest.mark.pure

ID: Final = UUID("0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c")
DIGEST: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
VKEY: Final = "127.0.0.1:8000+1d9a95f8+AQsjTh3aG9Ei3ySIrFhYBLSb+tKB3jrnN8ZCpPVZGmRS"

NAMES: Final = {
    Subject.API_KEY: "api_key:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.AUDITOR: "auditor:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.AUDITOR_GRANT: "auditor_grant:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.CONTRACT: "contract:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.CORRECTION: "correction:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.DECISION: "decision:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.ENQUIRY: "enquiry:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.ERASURE: "erasure:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.HOLD: "hold:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.IMPORT: "import:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.LINK: "link:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.MERGE: "merge:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.NETWORK: "network:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.NOTE: "note:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.PERSON: "person:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.REVIEW: "review:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.SCHOOL: "school:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.SEAL_RECIPIENT: "seal_recipient:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    Subject.SUPPLIER: "supplier:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
}
BESIDE: Final = (
    (subjects.pack(DIGEST), "pack:9f86d081884c7d65"),
    (subjects.timeline(DIGEST), "timeline:9f86d081884c7d65"),
    (subjects.retention("notes"), "retention:notes"),
    (subjects.key(VKEY), "key:127.0.0.1:8000+1d9a95f8"),
    (subjects.OUR_SCHOOL, "school"),
    (subjects.PACKS, "packs"),
    (subjects.AUDITORS, "auditors"),
    (subjects.SEALS, "seals"),
    (subjects.ERASURES, "erasures"),
    (subjects.IMPORTS, "imports"),
    (subjects.CALENDAR, "calendar"),
    (subjects.ENQUIRIES, "enquiries"),
    (subjects.ACCOUNTS, "accounts"),
    (subjects.DIRECTORY, "directory"),
    (subjects.REGISTER, "register"),
    (ABOUT_THE_TRAIL, "trail"),
    (openings.TRAIL_STREAM, "trail"),  # the verifier is one file that imports nothing of ours, so it has its own
)

SUBJECTS: Final = st.sampled_from(Subject)


@pytest.mark.parametrize("subject", Subject)
def test_each_subject_is_called_as_it_is_stored(subject: Subject) -> None:
    assert subject.of(ID) == NAMES[subject]


@pytest.mark.parametrize(("name", "stored"), BESIDE)
def test_what_has_no_id_of_its_own_is_called_as_it_is_stored(name: str, stored: str) -> None:
    assert name == stored


def test_every_stream_of_a_school_that_is_about_no_supplier_has_words_for_people() -> None:
    assert set(streams.ABOUT_OTHERS) == {
        "school",
        "packs",
        "auditors",
        "seals",
        "erasures",
        "imports",
        "calendar",
        "enquiries",
        "foi",
        "trail",
    }


@given(SUBJECTS, st.uuids())
def test_a_name_gives_back_the_id_that_it_was_made_of(subject: Subject, which: UUID) -> None:
    assert subject.id_in(subject.of(which)) == which


@given(SUBJECTS, SUBJECTS, st.uuids())
def test_a_name_is_of_one_subject_alone(one: Subject, other: Subject, which: UUID) -> None:
    assert (other.id_in(one.of(which)) is None) == (one is not other)


@given(SUBJECTS, st.text() | st.uuids().map(str) | st.builds("{}:{}".format, SUBJECTS, st.text()))
def test_nothing_else_is_read_as_a_name(subject: Subject, said: str) -> None:
    which = subject.id_in(said)
    assert which is None or said == subject.of(which)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "review",
        "review:",
        "review:1",
        "0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
        "review:0190A6C4-7B1E-7C3D-8F52-1D2E3F4A5B6C",
        "review:0190a6c47b1e7c3d8f521d2e3f4a5b6c",
        "review:{0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c}",
        "review:urn:uuid:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
        "review:review:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
        "review:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c ",
        "review:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c:praise",
        " review:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
        "Review:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
        "preview:0190a6c4-7b1e-7c3d-8f52-1d2e3f4a5b6c",
    ],
)
def test_what_only_looks_like_a_name_is_none(said: str) -> None:
    assert Subject.REVIEW.id_in(said) is None
