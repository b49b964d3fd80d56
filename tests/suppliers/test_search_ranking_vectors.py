"""Known answers of the published ranking formula, worked out by hand from its page and not from the code.

score    = relevance × (1 + standing) / 2
standing = Σ weight × value / (Σ weight + 2)
weight   = 0.5 ^ (age / 24 months) × 1 / (1 + (distance / reach)²)
"""

import re
from datetime import UTC, datetime, timedelta

import pytest

from base import clock
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.schools.places import Place, miles_between
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.search import search
from suppliers.search.ranking import Word, score, weight
from suppliers.search.search import Question
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, stranger
from tests.given.checkout import ROOT

DOCUMENT = ROOT / "docs/explanation/ranking.md"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
EVERYONE = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING),))

# The page's own table: rating, whether they would use them again, and the value.
WORDS = (
    ("5", 5, None, 1.0),
    ("4", 4, None, 0.6),
    ("3", 3, None, 0.0),
    ("2", 2, None, -0.6),
    ("1", 1, None, -1.0),
    ("would use again", None, True, 1.0),
    ("would not use again", None, False, -1.0),
    ("uses them, and tells you neither stars nor whether it would again", None, None, 0.25),
)
MEANS = (
    *((5, True, 1.0), (4, True, 0.8), (3, True, 0.5), (2, True, 0.2), (1, True, 0.0)),
    *((5, False, 0.0), (4, False, -0.2), (3, False, -0.5), (2, False, -0.8), (1, False, -1.0)),
)

# Age in days, miles, reach in miles, weight.
WEIGHTS = (
    (0, 0.0, 10.0, 1.0),
    (730, 0.0, 10.0, 0.5),
    (1460, 0.0, 10.0, 0.25),
    (365, 0.0, 10.0, 0.7071067811865476),
    (-3, 0.0, 10.0, 1.0),  # a clock that was wrong makes no word heavier
    (0, 10.0, 10.0, 0.5),
    (0, 20.0, 10.0, 0.2),
    (0, 30.0, 10.0, 0.1),
    (0, 30.0, 30.0, 0.5),
    (0, 5.0, 10.0, 0.8),
    (730, 10.0, 10.0, 0.25),
    (0, 500.0, None, 1.0),
    (730, 500.0, None, 0.5),
    (0, None, 10.0, 1.0),
)

GLOWING, GOOD, BAD, SILENT = (5, True), (4, None), (1, False), (None, None)

# Relevance, words as (rating, again, age in days, miles), score; each heard within a reach of 10 miles.
SCORES = (
    (1.0, (), 1 / 2),
    (0.4, (), 0.2),
    (1.0, ((*GLOWING, 0, 0.0),), 2 / 3),  # a standing of 1/3, as the page says
    (1.0, ((*GLOWING, 0, 0.0),) * 10, 11 / 12),  # 10/12, as the page says
    (0.5, ((*GLOWING, 0, 0.0),), 1 / 3),
    (1.0, ((*BAD, 0, 0.0),), 1 / 3),
    (1.0, ((*SILENT, 0, 0.0),), 13 / 24),  # 0.25 / 3
    (1.0, ((*GOOD, 0, 10.0),), 0.56),  # 0.5 × 0.6 / 2.5
    (1.0, ((*GLOWING, 730, 0.0),), 0.6),  # 0.5 / 2.5
    (1.0, ((*GLOWING, 0, 0.0), (*BAD, 730, 0.0)), 4 / 7),  # (1 − 0.5) / 3.5
    (1.0, ((*GLOWING, 0, 0.0), (*BAD, 0, 0.0)), 1 / 2),
    (1.0, ((*GLOWING, 0, 0.0), (*GOOD, 0, 20.0), (*SILENT, 730, 10.0)), 0.5 + 1.1825 / 6.9),  # (1 + 0.12 + 0.0625) / 3.45
)  # fmt: skip


@pytest.mark.pure
@pytest.mark.parametrize(("rating", "again", "value"), [word[1:] for word in WORDS] + list(MEANS))
def test_a_word_has_the_value_that_the_page_gives_it(rating: int | None, again: bool | None, value: float) -> None:
    assert Word(rating, again, NOW, None).value == pytest.approx(value)


@pytest.mark.pure
@pytest.mark.parametrize(("days", "miles", "reach", "wanted"), WEIGHTS)
def test_a_word_weighs_what_its_age_and_distance_say(days: int, miles: float | None, reach: float | None, wanted: float) -> None:
    word = Word(5, True, NOW - timedelta(days=days), miles)
    assert weight(word, now=NOW, reach_miles=reach) == pytest.approx(wanted)


@pytest.mark.pure
@pytest.mark.parametrize(("relevance", "said", "wanted"), SCORES)
def test_words_come_to_the_score_that_the_formula_gives(
    relevance: float, said: tuple[tuple[int | None, bool | None, int, float], ...], wanted: float
) -> None:
    words = [Word(rating, again, NOW - timedelta(days=days), miles) for rating, again, days, miles in said]
    assert score(relevance, words, now=NOW, reach_miles=10.0) == pytest.approx(wanted)


@pytest.mark.pure
def test_the_documentation_gives_these_values_and_constants() -> None:
    text = DOCUMENT.read_text()
    rows = re.findall(r"^\| ([^|]+) \| ([+−0-9.]+) \|$", text, re.MULTILINE)
    assert [(name, float(value.replace("−", "-"))) for name, value in rows] == [(word[0], word[3]) for word in WORDS]
    for formula in (line.strip() for line in (__doc__ or "").splitlines() if " = " in line):
        assert formula in text


async def test_the_page_of_every_installation_gives_these_values_and_constants(db: object) -> None:
    async with stranger() as browser:
        page = (await browser.get("/about/ranking")).text
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    for name, *_, value in WORDS:
        shown = {"1": "1 star"}.get(name, f"{name} stars" if name.isdigit() else name[0].upper() + name[1:])
        assert f" {shown} {_signed(value)} " in plain
    assert "After 24 months a word counts half." in plain
    assert "divided by the sum of the weights plus 2." in plain
    for reach in ("Local 10 miles", "Regional 30 miles", "National any distance alike"):
        assert f" {reach} " in plain


async def test_a_search_orders_by_the_same_formula(db: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two schools of known distance and age, heard by a third: the score of the hit is the one worked out here."""
    here = Place("Oakfield", 53.2307, -0.5406)
    ann = await a_person(await a_school(lat=here.lat, lon=here.lon))
    boilers = (await directory.add(ann, name="Fenland Boilers", categories=["heating"])).id
    note = await notes.note(ann, boilers, about=About.GOOD, body="They came at once.")
    await shares.share(ann, OpinionKind.NOTE, note, EVERYONE)  # which lists it, so that others may rate it
    today = clock.now()
    worked_out = []
    for days, lat, rating, again, value in ((730, 53.29, 4, None, 0.6), (0, 53.25, 1, True, 0.0), (365, 53.31, 5, True, 1.0)):
        monkeypatch.setattr(clock, "now", lambda days=days: today - timedelta(days=days))
        bea = await a_person(await a_school("Elmwood Primary", lat=lat, lon=-0.54), name="Bea Birch")
        said = (
            await reviews.review(bea, boilers, opinion=Opinion(interest=None, rating=rating, would_use_again=again), version=None)
        ).id
        await shares.share(bea, OpinionKind.REVIEW, said, EVERYONE)
        miles = miles_between(here, Place("Elmwood", lat, -0.54))
        worked_out.append((0.5 ** (days / 730) / (1 + (miles / 10) ** 2), value))
    monkeypatch.setattr(clock, "now", lambda: today)
    (hit,) = (await search.recommendations(ann, Question(miles=10, linked=False))).hits
    standing = sum(w * v for w, v in worked_out) / (sum(w for w, _ in worked_out) + 2)
    assert hit.score == pytest.approx((1 + standing) / 2, abs=1e-6)


def _signed(value: float) -> str:
    """As people write it: +0.6, −0.6, 0.0, +0.25."""
    return "0.0" if value == 0 else f"{'+' if value > 0 else '−'}{abs(value) if value == 0.25 else format(abs(value), '.1f')}"
