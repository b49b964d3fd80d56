"""Schools of a network see which of the contracts that they share end soon, need by need, to buy together."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest

from base import clock
from base.viewer import Viewer
from base.words import in_words
from contracts.fields.said import Said
from contracts.fields.values import Value
from contracts.register import register
from contracts.shares import ending_together, shares
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.networks import networks
from suppliers.directory import directory
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import text_of

pytestmark = pytest.mark.usefixtures("db")

DATED = Fields.TERMS | Fields.DATES
SPRING, SUMMER, LATER = [clock.today() + timedelta(days=days) for days in (100, 250, 500)]


@dataclass(frozen=True)
class Cluster:
    network: UUID
    oak: Viewer
    elm: Viewer
    ash: Viewer

    async def has(self, viewer: Viewer, title: str, category: str, ends: date, share: Fields = DATED) -> UUID:
        """A contract of the viewer's school, shared with the cluster unless nothing of it is."""
        supplier = (await directory.add(viewer, name=f"{title} Ltd")).id
        said: dict[str, Value] = {
            "title": title,
            "category": category,
            "starts_on": clock.today(),
            "ends_on": ends,
            "annual_pence": 123_400,
        }
        made = await register.add(viewer, Said(said, supplier=supplier))
        if share:
            to = AudienceChoice((GrantChoice(GrantKind.NETWORK, self.network, fields=share),))
            await shares.share(viewer, made, to)
        return made


@pytest.fixture
async def cluster(db: object) -> Cluster:
    oak, elm, ash = [await a_person(await a_school(f"{name} Primary"), name=f"Ann {name}") for name in ("Oak", "Elm", "Ash")]
    network = await networks.start(oak, kind="cluster", name="Ashby cluster")
    for other in (elm, ash):
        await networks.join(other, await networks.invite(oak, network, other.school))
    return Cluster(network, oak, elm, ash)


async def told(viewer: Viewer, cluster: Cluster) -> dict[str, tuple[list[tuple[str, str, date]], list[str]]]:
    """By need: school, supplier and last day of what is shared, and the titles of ours that is not."""
    found = await ending_together.look(viewer, cluster.network)
    return {
        need.name: ([(one.school, one.supplier, one.ends) for one in need.shared], [one.title for one in need.ours])
        for need in found.needs
    }


@pytest.mark.both_engines
async def test_contracts_for_one_need_stand_together_the_soonest_first(cluster: Cluster) -> None:
    await cluster.has(cluster.elm, "School meals", "catering", SUMMER)
    await cluster.has(cluster.ash, "Dinners", "catering", SPRING)
    await cluster.has(cluster.ash, "Bins", "waste", SPRING)
    await cluster.has(cluster.oak, "Our kitchen", "catering", SUMMER, share=Fields.NONE)
    await cluster.has(cluster.oak, "Our lifts", "lifts", SUMMER, share=Fields.NONE)
    await cluster.has(cluster.elm, "Later", "catering", LATER)
    meals = [("Ash Primary", "Dinners Ltd", SPRING), ("Elm Primary", "School meals Ltd", SUMMER)]
    bins: tuple[list[tuple[str, str, date]], list[str]] = ([("Ash Primary", "Bins Ltd", SPRING)], [])
    assert await told(cluster.oak, cluster) == {"Catering": (meals, ["Our kitchen"]), "Waste and recycling": bins}
    assert next(iter(await told(cluster.oak, cluster))) == "Catering"  # of two schools, the other of one
    assert await told(cluster.elm, cluster) == {"Catering": (meals, []), "Waste and recycling": bins}


@pytest.mark.both_engines
async def test_only_what_is_shared_with_the_network_is_told(cluster: Cluster) -> None:
    await cluster.has(cluster.elm, "Only its terms", "catering", SPRING, share=Fields.TERMS)
    await cluster.has(cluster.elm, "Nothing", "catering", SPRING, share=Fields.NONE)
    secret = await cluster.has(cluster.ash, "To Oak alone", "catering", SPRING, share=Fields.NONE)
    to_oak = AudienceChoice((GrantChoice(GrantKind.SCHOOL, cluster.oak.school, fields=DATED),))
    await shares.share(cluster.ash, secret, to_oak)
    await cluster.has(cluster.elm, "Only its dates", "catering", SPRING, share=Fields.DATES)
    assert await told(cluster.oak, cluster) == {"Need not given": ([("Elm Primary", "", SPRING)], [])}


async def test_of_more_contracts_than_two_pages_of_paper_the_soonest_are_there_and_it_says_so(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending_together, "MOST", 1)
    await cluster.has(cluster.elm, "School meals", "catering", SUMMER)
    await cluster.has(cluster.ash, "Bins", "waste", SPRING)
    found = await ending_together.look(cluster.oak, cluster.network)
    assert ([need.name for need in found.needs], found.has_more) == (["Waste and recycling"], True)
    async with signed_in(cluster.oak) as browser:
        page = text_of((await browser.get(f"/networks/{cluster.network}/meeting")).text)
    assert "More contracts end by then: these are the soonest." in page


async def test_it_stands_on_the_page_for_the_meeting_without_a_price(cluster: Cluster) -> None:
    await cluster.has(cluster.elm, "School meals", "catering", SUMMER)
    await cluster.has(cluster.oak, "Our kitchen", "catering", SUMMER, share=Fields.NONE)
    async with signed_in(cluster.oak) as browser:
        html = (await browser.get(f"/networks/{cluster.network}/meeting")).text
    page = text_of(html)
    assert f"Contracts that end by {in_words(clock.today() + ending_together.YEAR)}" in page
    assert f"Catering School meals School meals Ltd Elm Primary {in_words(SUMMER)}" in page
    assert "Our kitchen Our kitchen Ltd Yours, which they can’t see" in page
    assert "1,234" not in page
    assert html.index("vouch-no-print", html.index("School meals Ltd")) < html.index("Our kitchen")  # ours is not handed round
