"""A photo loses what it says beside the picture and stays the same picture; one that can't be read to its end is refused."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.files.photo_metadata import HEIC, JPEG, PNG, WEBP, BrokenPhoto, without_metadata
from suppliers.opinions.attachments import media_type_of
from tests.given.photos import (
    DATA,
    END,
    HEADER,
    JFIF,
    PICTURE,
    PLACE,
    PNG_START,
    TOLD_PNG,
    TOLD_WEBP,
    VP8X,
    box,
    heic,
    jpeg,
    riff,
    segment,
)  # fmt: skip


@pytest.mark.pure
@pytest.mark.parametrize("order", [">", "<"])
def test_a_jpeg_loses_place_and_comments_and_stays_the_same_picture(order: str) -> None:
    assert without_metadata(jpeg(order=order), JPEG) == b"\xff\xd8" + JFIF + PICTURE


@pytest.mark.pure
def test_a_jpeg_loses_its_small_copy_which_may_show_what_was_cut_away() -> None:
    whole = segment(0xE0, JFIF[4:-2] + b"\x01\x01abc") + segment(0xE0, b"JFXX\x00\x10" + PLACE)
    assert without_metadata(b"\xff\xd8" + whole + PICTURE, JPEG) == b"\xff\xd8" + JFIF + PICTURE


@pytest.mark.pure
@pytest.mark.parametrize("marker", [0xE0, 0xE2, 0xEE, 0xFE, 0xF0, 0xBF])
def test_a_jpeg_keeps_nothing_that_a_camera_put_beside_the_picture(marker: int) -> None:
    told = segment(marker, b"II\x1a\x00\x00\x00HEAPCCDR" + PLACE)
    assert without_metadata(b"\xff\xd8" + JFIF + told + PICTURE, JPEG) == b"\xff\xd8" + JFIF + PICTURE


@pytest.mark.pure
def test_a_jpeg_keeps_how_its_colours_are_meant() -> None:
    colours = segment(0xE2, b"ICC_PROFILE\x00\x01\x01profile")
    adobe = segment(0xEE, b"Adobe\x00\x64\x00\x00\x00\x00\x01")
    assert without_metadata(b"\xff\xd8" + colours + adobe[:2] + b"\x00\x21" + adobe[4:] + PLACE + PICTURE, JPEG) == (
        b"\xff\xd8" + colours + adobe + PICTURE
    )


@pytest.mark.pure
@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_jpeg_keeps_which_way_up_it_is(order: str, orientation: int) -> None:
    clean = without_metadata(jpeg(order=order, orientation=orientation), JPEG)
    assert PLACE not in clean
    assert clean.endswith(JFIF + PICTURE)
    kept = clean[2 : -len(JFIF + PICTURE)]
    assert (kept[:4], kept[4:10]) == (b"\xff\xe1\x00\x22", b"Exif\x00\x00")
    assert struct.unpack(">H", kept[28:30])[0] == orientation
    assert without_metadata(clean, JPEG) == clean


@pytest.mark.pure
def test_a_png_loses_its_texts() -> None:
    assert without_metadata(TOLD_PNG, PNG) == PNG_START + HEADER + DATA + END


@pytest.mark.pure
def test_a_webp_loses_exif_and_xmp_and_says_no_more_that_it_has_them() -> None:
    assert without_metadata(TOLD_WEBP, WEBP) == riff((b"VP8X", b"\x20" + VP8X[1:]), (b"VP8L", b"picture"))


@pytest.mark.pure
@pytest.mark.parametrize("method", [0, 1])
def test_a_heic_has_its_place_blanked_and_nothing_else_moves(method: int) -> None:
    assert without_metadata(heic(method=method), HEIC) == heic(method=method).replace(PLACE, bytes(len(PLACE)))


@pytest.mark.pure
@pytest.mark.parametrize("kind", [b"free", b"skip"])
def test_a_heic_has_what_lies_free_in_it_blanked(kind: bytes) -> None:
    assert without_metadata(heic(extra=box(kind, PLACE)), HEIC).endswith(box(kind, bytes(len(PLACE))))


@pytest.mark.pure
@pytest.mark.parametrize("kind", [b"xml ", b"uuid", b"udta"])
def test_a_heic_has_words_beside_its_description_blanked(kind: bytes) -> None:
    told, start = box(kind, PLACE), heic(method=1)
    at = start.index(b"meta") - 4
    size = struct.unpack_from(">I", start, at)[0]
    photo = start[:at] + struct.pack(">I", size + len(told)) + start[at + 4 : at + size] + told + start[at + size :]
    clean = without_metadata(photo, HEIC)
    assert (len(clean), PLACE in clean) == (len(photo), False)


@pytest.mark.pure
def test_a_heic_with_a_part_that_may_tell_anything_is_refused() -> None:
    with pytest.raises(BrokenPhoto):
        without_metadata(heic(extra=box(b"uuid", PLACE)), HEIC)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("photo", "media_type"),
    [(jpeg(), JPEG), (TOLD_PNG, PNG), (TOLD_WEBP, WEBP), (heic(), HEIC)],
    ids=["jpeg", "png", "webp", "heic"],
)
def test_a_photo_cut_short_anywhere_is_refused_or_tells_nothing(photo: bytes, media_type: str) -> None:
    for end in range(12, len(photo)):
        try:
            assert PLACE not in without_metadata(photo[:end], media_type)
        except BrokenPhoto:
            continue


@pytest.mark.pure
@given(st.binary(max_size=300), st.sampled_from([jpeg(), TOLD_PNG, TOLD_WEBP, heic()]), st.integers(0, 400))
def test_garbage_in_a_photo_never_breaks_the_reader(noise: bytes, photo: bytes, at: int) -> None:
    broken = photo[:at] + noise + photo[at + len(noise) :]
    media_type = media_type_of(broken)
    if media_type in (JPEG, PNG, WEBP, HEIC):
        try:
            without_metadata(broken, media_type)
        except BrokenPhoto:
            return
