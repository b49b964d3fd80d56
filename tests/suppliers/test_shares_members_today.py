"""A share with a network, for only the schools that are in it today: whoever joins later sees nothing by it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base import clock
from base.settings import Settings
from base.viewer import Role, Viewer
from base.words import moment
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.networks import networks
from suppliers.directory import directory
from suppliers.opinions import readable, reviews
from suppliers.opinions.opinion import Opinion
from suppliers.shares import moves, shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in
from tests.given.examples import IS_THE_SUITE, examples, fewer_on_postgres
from tests.given.oracle import AGrant, AMember, APerson, ASchool, Span, World, is_for
from tests.given.page_text import hidden, text_of

POSITIVE = Fields.RATING | Fields.PRAISE


@dataclass(frozen=True)
class Cluster:
    """Ann's school started it and wrote a review; Eve's is in it, Flo's is not."""

    ann: Viewer
    eve: Viewer
    flo: Viewer
    network: UUID
    supplier: UUID
    review: UUID

    async def joins(self, viewer: Viewer) -> None:
        await networks.join(viewer, await networks.invite(self.ann, self.network, viewer.school))

    async def share(self, *, today: bool) -> None:
        await share(self.ann, self.review, self.network, today=today)

    async def who_sees(self) -> set[str]:
        return {
            viewer.name for viewer in (self.eve, self.flo) if (await readable.about(viewer, self.supplier)).reviews
        }  # fmt: skip

    async def state(self) -> shares.Sharing:
        return await shares.state(self.ann, OpinionKind.REVIEW, self.review)


async def share(viewer: Viewer, review: UUID, network: UUID, *, today: bool) -> None:
    """As the page does: the line takes the place of an earlier one to the same network."""
    line = GrantChoice(GrantKind.NETWORK, network, joined_before=clock.now() if today else None)
    await shares.share(viewer, OpinionKind.REVIEW, review, AudienceChoice((line,)), renewing=(line,))


async def a_review(viewer: Viewer) -> tuple[UUID, UUID]:
    """The supplier and the review."""
    supplier = (await directory.add(viewer, name="Ashby Boilers")).id
    said = Opinion(interest=None, rating=4, praise="Came at once.")
    return supplier, (await reviews.review(viewer, supplier, opinion=said, version=None)).id


@pytest.fixture
async def cluster(db: Settings) -> Cluster:
    names = ("Oakfield Primary", "Elm Primary", "Fern Primary")
    ann, eve, flo = [await a_person(await a_school(name), Role.HEAD, f"Head of {name}") for name in names]
    network = await networks.start(ann, name="Ashby cluster")
    found = Cluster(ann, eve, flo, network, *await a_review(ann))
    await found.joins(eve)
    return found


@pytest.fixture
async def anns(cluster: Cluster) -> AsyncIterator[httpx.AsyncClient]:
    async with signed_in(cluster.ann) as browser:
        yield browser


async def test_who_joins_later_sees_nothing_by_it(cluster: Cluster) -> None:
    await cluster.share(today=True)
    await cluster.joins(cluster.flo)
    assert await cluster.who_sees() == {"Head of Elm Primary"}
    await cluster.share(today=False)
    assert await cluster.who_sees() == {"Head of Elm Primary", "Head of Fern Primary"}


async def test_it_is_chosen_on_the_page_and_told_wherever_the_share_is_told(cluster: Cluster, anns: httpx.AsyncClient) -> None:
    base, asks = f"/reviews/{cluster.review}", f"network-{str(cluster.network)[:8]}"
    query = {"with": f"network:{cluster.network}", f"fields-{asks}": "rating", f"today-{asks}": "yes"}
    form = text_of((await anns.get(f"{base}/share")).text)
    assert "Only the schools that are in it today Schools that join it later will not see it." in form
    checking = await anns.get(f"{base}/share/check", params=query)
    assert "Only schools that have been in Ashby cluster since" in text_of(checking.text)
    assert (await cluster.state()).lines == (), "nothing is saved yet"
    saved = await anns.post(f"{base}/share", data=hidden(checking.text) | {"same_as": "new"})
    assert saved.status_code == 303
    await cluster.joins(cluster.flo)
    (line,) = (await cluster.state()).lines
    assert line.grant.joined_before is not None
    since = moment(line.grant.joined_before)
    told = f"Only schools that have been in Ashby cluster since {since} (1 other school) can see the rating."
    for page in (f"{base}/share", f"{base}/who-can-see", "/trail"):
        assert told in text_of((await anns.get(page)).text)
    assert told.partition(" can see")[0] in text_of((await anns.get("/shared")).text)
    who = text_of((await anns.get(f"{base}/who-can-see")).text)
    assert "Elm Primary: the rating." in who
    assert "Fern Primary" not in who
    as_flo = text_of((await anns.get(f"{base}/who-can-see?school={cluster.flo.school}")).text)
    assert "Fern Primary sees nothing that your school wrote of Ashby Boilers." in as_flo


async def test_only_a_network_can_be_limited_so(cluster: Cluster, anns: httpx.AsyncClient) -> None:
    query = {"with": "everyone", "fields-everyone": "rating", "today-everyone": "yes"}
    answer = await anns.get(f"/reviews/{cluster.review}/share/check", params=query)
    assert answer.status_code == 422
    assert 'href="#today-everyone"' in answer.text
    assert "Only a network can be limited to the schools that are in it today." in text_of(answer.text)


async def test_a_program_chooses_it_and_sends_an_answer_back_without_widening_it(
    cluster: Cluster, anns: httpx.AsyncClient
) -> None:
    path = f"/api/v1/reviews/{cluster.review}/audience"
    line = {"kind": "network", "subject": str(cluster.network)}
    answer = await anns.put(path, json={"grants": [line | {"members_today": True}]})
    assert answer.status_code == 200
    (given_out,) = answer.json()["grants"]
    assert given_out["joined_before"] is not None
    await cluster.joins(cluster.flo)
    again = await anns.put(path, json={"grants": [given_out]})
    assert again.json()["grants"] == [given_out]
    assert await cluster.who_sees() == {"Head of Elm Primary"}
    anew = await anns.put(path, json={"grants": [given_out | {"members_today": True}]})
    assert anew.json()["grants"][0]["joined_before"] > given_out["joined_before"]
    assert await cluster.who_sees() == {"Head of Elm Primary", "Head of Fern Primary"}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"kind": "everyone", "members_today": True}, "Only a network"),
        ({"kind": "network", "joined_before": (clock.now() + timedelta(days=1)).isoformat()}, "not by a day to come"),
        ({"kind": "network", "joined_before": "2026-11-03T14:05:00"}, "timezone"),
    ],
)
async def test_what_a_program_can_not_choose(
    cluster: Cluster, anns: httpx.AsyncClient, line: dict[str, object], sentence: str
) -> None:
    if line["kind"] == "network":
        line = line | {"subject": str(cluster.network)}
    answer = await anns.put(f"/api/v1/reviews/{cluster.review}/audience", json={"grants": [line]})
    assert answer.status_code in (400, 422)
    assert sentence in answer.text
    assert (await cluster.state()).lines == ()


async def test_who_invites_is_not_told_that_a_newcomer_will_see_it(cluster: Cluster, anns: httpx.AsyncClient) -> None:
    path = f"/networks/{cluster.network}/invite/{cluster.flo.school}/check"
    await cluster.share(today=False)
    assert "Your review of Ashby Boilers" in text_of((await anns.get(path)).text)
    await cluster.share(today=True)
    assert "Your review of Ashby Boilers" not in text_of((await anns.get(path)).text)
    await cluster.joins(cluster.flo)
    assert [notice for notice in await moves.notices(cluster.ann) if "Fern Primary" in str(notice)] == []


async def test_a_school_that_left_and_came_back_has_not_been_in_it_since(cluster: Cluster) -> None:
    await cluster.share(today=True)
    await networks.leave(cluster.eve, cluster.network)
    await cluster.joins(cluster.eve)
    assert await cluster.who_sees() == set()
    assert "(0 other schools) can see" in (await cluster.state()).sentence


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("turn"), st.integers(1, 3)),
        st.tuples(st.just("turn"), st.integers(1, 3)),
        st.tuples(st.just("share"), st.sampled_from([0, 1, 1])),
    ),
    min_size=8,
    max_size=14,
)


@settings(
    max_examples=fewer_on_postgres(examples(8)),  # who may read what, one predicate says for both
    derandomize=IS_THE_SUITE,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
async def test_joining_leaving_and_sharing_in_any_order_agree_with_the_oracle(db: Settings, steps: list[tuple[str, int]]) -> None:
    viewers = [await a_person(await a_school(f"School {n}")) for n in range(4)]
    ann = viewers[0]
    network = await networks.start(ann, name="Ashby cluster")
    supplier, review = await a_review(ann)
    spans: dict[int, list[list[int | None]]] = {0: [[-100, None]], 1: [], 2: [], 3: []}
    line: AGrant | None = None
    for at, (step, which) in enumerate(steps, start=-90):
        if step == "share":
            await share(ann, review, network, today=bool(which))
            line = AGrant(
                ann.school, review, GrantKind.NETWORK, POSITIVE, Span(at), network, joined_before=at if which else None
            )  # fmt: skip
        elif spans[which] and spans[which][-1][1] is None:
            await networks.leave(viewers[which], network)
            spans[which][-1][1] = at
        else:
            await networks.join(viewers[which], await networks.invite(ann, network, viewers[which].school))
            spans[which].append([at, None])
        members = [
            AMember(network, viewers[n].school, Span(since or 0, until)) for n, ever in spans.items() for since, until in ever
        ]
        schools = tuple(ASchool(viewer.school, is_open=True, lat=None, lon=None) for viewer in viewers)
        world = World(schools, (), (network,), tuple(members), (), (), (), ())
        expected = {
            viewer.school for viewer in viewers[1:] if line and is_for(world, APerson(viewer.person, viewer.school, False), line)
        }
        named = (await shares.readers(ann, OpinionKind.REVIEW, review)).named
        assert {reader.school for reader in named} == expected
        if line:
            found = [viewer.school for viewer in viewers[1:] if (await readable.about(viewer, supplier)).reviews]
            assert set(found) == expected
