"""Whatever is damaged in a zip, reading it raises what its readers expect."""

import io
import zipfile

import pytest

from base.spreadsheets.zips import UNREADABLE

pytestmark = pytest.mark.pure

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def a_zip(method: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("a.json", bytes(range(32, 120)) * 30)
    return made.getvalue()


@pytest.mark.parametrize("method", METHODS)
def test_no_other_error_comes_of_any_changed_byte(method: int) -> None:
    whole = a_zip(method)
    refused = 0
    for at in range(len(whole)):
        for becomes in (0, 255, whole[at] ^ (1 << at % 8)):
            damaged = bytearray(whole)
            damaged[at] = becomes
            try:
                with zipfile.ZipFile(io.BytesIO(bytes(damaged))) as archive:
                    archive.read("a.json")
            except (*UNREADABLE, KeyError):
                refused += 1
    assert refused > len(whole) // 2
