"""A copy that was damaged on its way is refused in a sentence, whichever of its bytes changed."""

import io
import json
import zipfile

import pytest

from base.refusals import Refusal
from disclosure import taking_in
from disclosure.exporting import RECORDS
from disclosure.record_format import FORMAT, VERSION
from disclosure.taking_in import MOST_UNPACKED

pytestmark = pytest.mark.pure

PHOTO = "files/a"


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_no_other_error_comes_of_any_changed_byte(method: int) -> None:
    whole = a_copy(method)
    with taking_in._opened(io.BytesIO(whole), MOST_UNPACKED) as (records, read):
        assert (records.school.name, read(PHOTO)) == ("Oakfield Primary", bytes(range(200)))
    refused = 0
    for at in range(len(whole)):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << at % 8
        try:
            with taking_in._opened(io.BytesIO(bytes(damaged)), MOST_UNPACKED) as (_, read):
                read(PHOTO)
        except (Refusal, ValueError):  # the second is what a file that can't be read says, and is told with its record
            refused += 1
    assert refused > len(whole) // 2


def a_copy(method: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        school = {"name": "Oakfield Primary", "urn": None}
        about = {"format": FORMAT, "version": VERSION, "made_at": "2026-03-02T09:00:00Z", "school": school, "kept_back": 0}
        archive.writestr(RECORDS, json.dumps(about))
        archive.writestr(PHOTO, bytes(range(200)))
    return made.getvalue()
