"""What goes wrong in real life, case by case: a sentence that helps, the right status, and nothing lost or half-written."""

import asyncio
import gzip
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import database
from audit.tables import Entry
from base.refusals import Invalid
from sharing.schools import register
from sharing.schools.register_import import import_register
from sharing.sign_in import sessions
from sharing.tables import Membership, School
from suppliers.tables import Review, Supplier
from tests.given.builders import PASSWORD, application, stranger
from tests.given.town import Town, rows_of_everything
from web.http.bodies import FILE_FORM, USUAL_BODY

FORM = {"declared": "none", "rating": "4", "praise": "Tidy.", "version": ""}
WORDS = "Naïve café — 👩🏽‍🏫 مرحبا שלום \u2067רק\u2069 e\u0301\n<b>&amp;</b>"  # kept as typed, but for NFC: é is one character


async def recorded() -> Counter[str]:
    async with database.read():
        return Counter(row["type"] for row in await Entry.select(Entry.type))


# The register.


async def test_a_register_without_its_columns_names_them_and_imports_nothing(db: object, tmp_path: Path) -> None:
    header, *rows = gzip.decompress(register.SHIPPED.read_bytes()).decode().splitlines()[:5]
    path = tmp_path / "register.csv"
    path.write_text("\n".join([header.replace("urn", "number").replace("name", "title"), *rows]))
    with pytest.raises(Invalid, match="no column named urn"):
        await import_file(path)
    assert await schools() == 0


async def test_a_register_cut_short_imports_none_of_its_schools(db: object, tmp_path: Path) -> None:
    whole = register.SHIPPED.read_bytes()
    path = tmp_path / "register.csv.gz"
    path.write_bytes(whole[: len(whole) // 2] if whole[:2] == b"\x1f\x8b" else gzip.compress(whole)[:-1000])
    with pytest.raises(Invalid, match="damaged or was cut short, so nothing was imported"):
        await import_file(path)
    assert (await schools(), await recorded()) == (0, Counter())


async def import_file(path: Path) -> None:
    with register.open_register(path) as opened:
        await import_register(None, opened.rows, digest=opened.digest, complete=opened.is_complete)


async def schools() -> int:
    async with database.read():
        found: int = await School.count()
        return found


# Too much at once.


@pytest.mark.parametrize(("path", "most"), [("/suppliers/{boilers}/notes/new", FILE_FORM), ("/sign-in", USUAL_BODY)])
@pytest.mark.parametrize("declares", [True, False])
async def test_two_hundred_megabytes_are_refused_without_being_kept(town: Town, path: str, most: int, declares: bool) -> None:
    """Said beforehand, they are not read at all; sent bit by bit, they are stopped at the limit."""
    before, taken, piece = await rows_of_everything(), 0, b"x" * 65_536

    async def upload() -> AsyncIterator[bytes]:
        nonlocal taken
        while taken < 200 * 1024 * 1024:
            taken += len(piece)
            yield piece

    headers = {"Content-Type": "multipart/form-data; boundary=b"} | ({"Content-Length": "209715200"} if declares else {})
    async with town.browser("ann") as browser:
        answer = await browser.post(town.filled(path), content=upload(), headers=headers)
    assert answer.status_code == 413
    assert f"more than the {most // 1024 // 1024} MB that fits" in answer.text
    assert taken <= (len(piece) if declares else most + 2 * len(piece))
    assert await rows_of_everything() == before


async def test_a_text_too_long_is_shown_again_to_be_shortened(town: Town) -> None:
    typed = "Very tidy. " * 1_000
    async with town.browser("ann") as browser:
        answer = await browser.post(f"/suppliers/{town.ids['catering']}/review", data=FORM | {"praise": typed})
    assert answer.status_code == 422
    assert "4,000 characters or fewer" in answer.text
    assert typed.strip() in answer.text


# Twice at once.


async def both(one: Callable[[], Awaitable[httpx.Response]]) -> list[httpx.Response]:
    return sorted(await asyncio.gather(one(), one()), key=lambda answer: answer.status_code)


@pytest.mark.parametrize("as_json", [False, True])
async def test_the_same_review_sent_twice_at_once_is_one_review(town: Town, as_json: bool) -> None:
    before, supplier = await recorded(), town.ids["catering"]
    async with town.browser("ann") as browser:

        async def write() -> httpx.Response:
            if as_json:
                return await browser.post(f"/api/v1/suppliers/{supplier}/reviews", json={"interest": None, "rating": 4})
            return await browser.post(f"/suppliers/{supplier}/review", data=FORM)

        first, second = await both(write)
    assert first.status_code == (201 if as_json else 303)
    assert second.status_code in ((409,) if as_json else (303, 409))
    assert second.status_code != 409 or "review" in second.text
    assert await recorded() - before == Counter(["review.written"])
    assert await count(Review, Review.supplier == supplier) == 1


async def test_an_invitation_taken_up_twice_at_once_is_one_person(town: Town) -> None:
    before = await count(Membership)
    async with stranger() as browser:
        form = {"name": "Ivy Ince", "password": "a quiet river at dawn"}
        first, second = await both(lambda: browser.post(f"/join/{town.ids['join']}", data=form))
    assert first.status_code == 303
    assert second.status_code in (404, 409, 422)
    assert await count(Membership) == before + 1


async def test_a_supplier_added_twice_at_once_is_one_supplier(town: Town) -> None:
    async with town.browser("ann") as program:
        first, second = await both(lambda: program.post("/api/v1/suppliers", json={"name": "Elm Electrics"}))
    assert (first.status_code, second.status_code) == (201, 409)
    assert second.json()["detail"] == "You already have Elm Electrics."
    assert await count(Supplier, Supplier.name == "Elm Electrics") == 1


async def count(table: Any, *where: Any) -> int:
    async with database.read():
        found: int = await table.count().where(*where) if where else await table.count()
        return found


# Cookies, forms and addresses that nobody of ours made.


async def test_a_forged_cookie_is_nobody(town: Town) -> None:
    async with stranger() as browser:
        for cookie in ("x" * 4_000, "ü", "\x01", '"; vouch="', "%00", "null", "=" * 50):
            header = {b"Cookie": f"{sessions.cookie_name()}={cookie}".encode()}
            answer = await browser.get("/suppliers", headers=header)
            assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/suppliers"), cookie


BROKEN = {
    "no boundary": ("multipart/form-data", b"--b\r\n\r\nx\r\n--b--"),
    "another boundary": ("multipart/form-data; boundary=other", b'--b\r\nContent-Disposition: form-data; name="body"\r\n\r\nx'),
    "cut short": ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="bo'),
    "no name": ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
    "three hundred parts": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' * 300 + b"--b--\r\n",
    ),
    "not UTF-8": ("application/x-www-form-urlencoded", b"about=good&body=%ff%fe"),
    "bytes above 127": ("application/x-www-form-urlencoded", b"about=good&body=\xff"),
    "JSON": ("application/json", b'{"about": "good", "body": "x"}'),
}


@pytest.mark.parametrize(("media_type", "body"), BROKEN.values(), ids=BROKEN.keys())
async def test_a_form_that_did_not_arrive_whole_gets_a_sentence(town: Town, media_type: str, body: bytes) -> None:
    before = await rows_of_everything()
    async with town.browser("ann") as browser:
        path = f"/suppliers/{town.ids['boilers']}/notes/new"
        answer = await browser.post(path, content=body, headers={"Content-Type": media_type})
    assert answer.status_code in (413, 422)
    assert await rows_of_everything() == before


@pytest.mark.parametrize(
    "day", [("31", "2", "2026"), ("0", "0", "0"), ("1", "1", "9" * 25), ("1", "1", "26"), ("x", "1", "2026"), ("1", "", "2026")]
)
async def test_a_day_that_is_not_in_the_calendar_is_asked_again(town: Town, day: tuple[str, str, str]) -> None:
    boxes = {f"happened_on-{box}": part for box, part in zip(("day", "month", "year"), day, strict=True)}
    before = await rows_of_everything()
    async with town.browser("ann") as browser:
        form = {"about": "good", "body": "Came on Tuesday."} | boxes
        answer = await browser.post(f"/suppliers/{town.ids['boilers']}/notes/new", data=form)
    assert answer.status_code == 422
    assert "Enter a real date" in answer.text
    assert "Came on Tuesday." in answer.text
    assert await rows_of_everything() == before


@pytest.mark.parametrize("end", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-02-31T00:00:00Z", "soon", 5])
async def test_an_end_date_that_makes_no_sense_shares_nothing(town: Town, end: Any) -> None:
    grant = {"kind": "school", "subject": town.ids["fern"], "expires_at": end}
    before = await rows_of_everything()
    async with town.browser("ann") as program:
        answer = await program.put(f"/api/v1/reviews/{town.ids['review']}/audience", json={"grants": [grant]})
    assert answer.status_code in (400, 422)
    assert await rows_of_everything() == before


async def test_an_if_match_that_is_no_version_changes_nothing(town: Town) -> None:
    before, path = await rows_of_everything(), f"/api/v1/reviews/{town.ids['review']}"
    async with town.browser("ann") as program:
        for version in ("²", '"²"', "x", '""', "-1", "9" * 24, "1.5", '"1", "2"'):
            headers = {b"If-Match": version.encode("latin-1")}
            answer = await program.put(path, json={"interest": None, "rating": 5}, headers=headers)
            assert answer.status_code in (400, 409, 422), version
    assert await rows_of_everything() == before


async def test_an_answer_given_twice_counts_once(town: Town) -> None:
    body = b"declared=none&rating=2&rating=5&praise=First.&praise=Second.&version="
    async with town.browser("ann") as browser:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await browser.post(f"/suppliers/{town.ids['catering']}/review", content=body, headers=headers)
    assert answer.status_code == 303
    async with database.read():
        (row,) = await Review.select(Review.rating, Review.praise).where(Review.supplier == town.ids["catering"])
    assert row == {"rating": 2, "praise": "First."}


async def test_the_words_of_every_language_are_kept_and_shown_as_typed(town: Town) -> None:
    supplier = town.ids["catering"]
    async with town.browser("ann") as browser:
        assert (await browser.post(f"/suppliers/{supplier}/review", data=FORM | {"praise": WORDS})).status_code == 303
        told = (await browser.get(f"/api/v1/suppliers/{supplier}/reviews")).json()["ours"]["praise"]
        page = (await browser.get(f"/suppliers/{supplier}")).text
        trail = (await browser.get("/api/v1/trail/entries")).text
    assert told == WORDS.replace("e\u0301", "é")
    assert "👩🏽‍🏫 مرحبا" in page
    assert "👩🏽‍🏫 مرحبا" in trail
    assert "<b>&amp;</b>" not in page


NOWHERE = (
    "/static/../app.py", "/static/..%2f..%2fsettings.py", "/static/%2e%2e/%2e%2e/etc/passwd", "/static//etc/passwd",
    "/static/..%5c..%5capp.py", "/about/../../etc/passwd", "/about/layout", "/suppliers/not-an-id", "/suppliers/%F0%28",
    "/notes/00000000000000000000000000000000/edit", "//evil.example/", "/api/v1/reviews/-1", "/join/" + "x" * 3_000,
)  # fmt: skip


async def test_an_address_that_leads_nowhere_is_not_found(town: Town) -> None:
    async with town.browser("ann") as browser:
        for path in NOWHERE:
            request = browser.build_request("GET", "http://127.0.0.1:8000/")
            request.url = request.url.copy_with(raw_path=path.encode())
            answer = await browser.send(request)
            assert answer.status_code == 404, path
            assert "import " not in answer.text


async def test_an_address_without_end_is_refused(town: Town) -> None:
    async with town.browser("ann") as browser:
        assert (await browser.get("/search?need=" + "x" * 5_000)).status_code == 414


async def test_a_content_length_that_is_no_length_is_refused() -> None:
    transport = httpx.ASGITransport(application())
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        for length in (b"-1", b"x", b"9" * 5_000, b"1e3"):
            answer = await client.post("/sign-in", content=b"", headers={b"Content-Length": length})
            assert answer.status_code in (413, 422), length


async def test_signing_in_with_what_is_no_address_says_what_any_wrong_one_says(db: object) -> None:
    async with stranger() as browser:
        said = []
        for email in ("nobody@school.example", "x", "", "ü@ü", "a@b@c"):
            answer = await browser.post("/sign-in", data={"email": email, "password": PASSWORD})
            said.append((answer.status_code, "address or the password is not right" in answer.text))
    assert set(said) == {(422, True)}
