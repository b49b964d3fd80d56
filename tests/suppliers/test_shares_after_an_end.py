"""What ended stays ended: connecting, ending, joining, leaving and sharing in any order, against the rule in plain Python."""

from dataclasses import dataclass, field
from itertools import permutations
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import database
from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.access import visibility
from sharing.access.audiences import GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.networks import connections, networks
from suppliers.directory import directory
from suppliers.opinions import reviews
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from suppliers.tables import Review
from tests.given.builders import a_person, a_school
from tests.given.examples import IS_THE_SUITE, examples, fewer_on_postgres

SCHOOLS = range(3)
PAIRS = tuple(permutations(SCHOOLS, 2))
RARELY = st.sampled_from([False, False, False, True])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("connection"), st.sampled_from(PAIRS), RARELY, RARELY),
        st.tuples(st.just("member"), st.sampled_from(SCHOOLS), RARELY),
        st.tuples(st.just("member"), st.sampled_from(SCHOOLS), RARELY),
        st.tuples(st.just("share"), st.sampled_from(SCHOOLS), st.sampled_from(["connected", "network"]), RARELY),
        st.tuples(st.just("share"), st.sampled_from(SCHOOLS), st.sampled_from(["connected", "network"]), RARELY),
        st.tuples(st.just("stop"), st.sampled_from(SCHOOLS), st.sampled_from(["connected", "network"])),
    ),
    min_size=15,
    max_size=30,
)


@dataclass
class Line:
    """Two schools, or a school and the network, over time: step by step when it began and ended."""

    holds: bool = False
    last_end: int = -1
    shares_again: dict[int, bool] = field(default_factory=dict)  # by school, what it chose when this began

    def turn(self, at: int, shares_again: dict[int, bool]) -> None:
        if self.holds:
            self.last_end = at
        else:
            self.shares_again = shares_again
        self.holds = not self.holds


@dataclass
class Told:
    """The rule: what was shared before an end stays ended, but for who chose to share it again."""

    connected: dict[frozenset[int], Line] = field(default_factory=lambda: {frozenset(pair): Line() for pair in PAIRS})
    member: dict[int, Line] = field(default_factory=lambda: {school: Line() for school in SCHOOLS})
    given: dict[tuple[int, str], int] = field(default_factory=dict)  # (school, to whom) -> at which step

    def sees(self, reader: int, owner: int) -> bool:
        line = self.connected[frozenset((reader, owner))]
        at = self.given.get((owner, "connected"))
        if at is not None and line.holds and (line.shares_again[owner] or at > line.last_end):
            return True
        mine, theirs, at = self.member[reader], self.member[owner], self.given.get((owner, "network"))
        return (
            at is not None
            and (mine.holds and theirs.holds)
            and at > mine.last_end
            and (theirs.shares_again[owner] or at > theirs.last_end)
        )


class Town:
    """The same steps through the product's own verbs."""

    def __init__(self, people: list[Viewer], host: Viewer, network: UUID, opinions: list[UUID]) -> None:
        self.people, self.host, self.network, self.opinions = people, host, network, opinions

    async def connect(self, pair: tuple[int, int], *, asker_again: bool, accepter_again: bool) -> None:
        asker, accepter = (self.people[one] for one in pair)
        request = await connections.ask(asker, accepter.school, shares_again=asker_again)
        await connections.accept(accepter, request, shares_again=accepter_again)

    async def join(self, school: int, *, again: bool) -> None:
        viewer = self.people[school]
        await networks.join(viewer, await networks.invite(self.host, self.network, viewer.school), shares_again=again)

    async def share(self, school: int, to: str, *, anew: bool) -> None:
        viewer, item = self.people[school], self.opinions[school]
        line = self._line(to)
        now = (await shares.state(viewer, OpinionKind.REVIEW, item)).choice
        renewing = (line,) if anew else ()
        await shares.share(viewer, OpinionKind.REVIEW, item, shares.with_line(now, line), renewing=renewing)

    async def stop(self, school: int, to: str) -> None:
        await shares.unshare(self.people[school], OpinionKind.REVIEW, self.opinions[school], only=self._line(to))

    def _line(self, to: str) -> GrantChoice:
        kind = GrantKind(to)
        return GrantChoice(kind, self.network if kind is GrantKind.NETWORK else None, fields=Fields.RATING)

    async def seen(self) -> set[tuple[int, int]]:
        """(reader, owner) of every review that another school can read."""
        owners = {opinion: owner for owner, opinion in enumerate(self.opinions)}
        found = set()
        async with database.read():
            for reader, viewer in enumerate(self.people):
                principals = await visibility.principals(viewer)
                rows = await Review.select(Review.id).where(
                    visibility.visible(principals, Review), Review.id.is_in(self.opinions)
                )
                found |= {(reader, owners[row["id"]]) for row in rows if owners[row["id"]] != reader}
        return found

    async def named(self) -> set[tuple[int, int]]:
        """The same, as each owner is told."""
        readers = {viewer.school: number for number, viewer in enumerate(self.people)}
        found = set()
        for owner, viewer in enumerate(self.people):
            told = await shares.readers(viewer, OpinionKind.REVIEW, self.opinions[owner])
            found |= {(readers[one.school], owner) for one in told.named if one.school in readers}
        return found


async def a_town() -> Town:
    host = await a_person(await a_school("Host Primary"), Role.HEAD, "Hal Host")
    people = [await a_person(await a_school(f"School {n}"), Role.HEAD, f"Pat {n}") for n in SCHOOLS]
    network = await networks.start(host, name="Ashby cluster")
    opinions = []
    for viewer in people:
        supplier = (await directory.add(viewer, name=f"Bright Spark {viewer.school}")).id
        opinions.append((await reviews.review(viewer, supplier, opinion=Opinion(interest=None, rating=4), version=None)).id)
    return Town(people, host, network, opinions)


async def take(town: Town, told: Told, at: int, step: tuple) -> None:  # type: ignore[type-arg]
    """One step; a tie that holds ends, and one that doesn't begins."""
    what, who, *more = step
    if what == "connection":
        line = told.connected[frozenset(who)]
        if line.holds:
            await connections.end(town.people[who[0]], town.people[who[1]].school)
        else:
            await town.connect(who, asker_again=more[0], accepter_again=more[1])
        line.turn(at, dict(zip(who, more, strict=True)))
    elif what == "member":
        if told.member[who].holds:
            await networks.leave(town.people[who], town.network)
        else:
            await town.join(who, again=more[0])
        told.member[who].turn(at, {who: more[0]})
    elif what == "share":
        await share(town, told, at, who, *more)
    elif (who, more[0]) in told.given:
        await town.stop(who, more[0])
        del told.given[who, more[0]]


async def share(town: Town, told: Told, at: int, who: int, to: str, anew: bool) -> None:
    stands = (who, to) in told.given
    if to == "network" and not told.member[who].holds and (anew or not stands):
        return
    await town.share(who, to, anew=anew)
    if anew or not stands:
        told.given[who, to] = at


@settings(
    max_examples=fewer_on_postgres(examples(8)),  # who may read what, one predicate says for both
    derandomize=IS_THE_SUITE,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
async def test_in_any_order_each_school_sees_what_was_shared_with_it_since(db: Settings, steps: list) -> None:  # type: ignore[type-arg]
    town, told = await a_town(), Told()
    for at, step in enumerate(steps):
        await take(town, told, at, step)
        expected = {(reader, owner) for reader, owner in PAIRS if told.sees(reader, owner)}
        assert await town.seen() == expected, (at, steps[: at + 1])
    assert await town.named() == {(reader, owner) for reader, owner in PAIRS if told.sees(reader, owner)}


async def test_taking_one_line_back_revives_nothing_of_another(db: Settings) -> None:
    """The audience is made anew then, but what it keeps keeps the time at which it was given."""
    town = await a_town()
    await town.connect((0, 1), asker_again=False, accepter_again=False)
    await town.join(0, again=False)
    for to in ("connected", "network"):
        await town.share(0, to, anew=False)
    await connections.end(town.people[0], town.people[1].school)
    await town.connect((0, 1), asker_again=False, accepter_again=False)
    await town.stop(0, "network")
    assert await town.seen() == set()
    await town.share(0, "connected", anew=True)
    assert await town.seen() == {(1, 0)}


async def test_the_page_says_who_came_back_and_does_not_see_it(db: Settings) -> None:
    town = await a_town()
    for school in (0, 1):
        await town.join(school, again=False)
    await town.share(0, "network", anew=False)
    ann, item = town.people[0], town.opinions[0]
    assert "Ashby cluster (2 other schools) can see" in (await shares.state(ann, OpinionKind.REVIEW, item)).sentence
    await networks.leave(town.people[1], town.network)
    await town.join(1, again=True)
    told = (await shares.state(ann, OpinionKind.REVIEW, item)).sentence
    assert "Ashby cluster (1 other school), but for 1 school that left and came back since it was shared, can see" in told
    await networks.leave(ann, town.network)
    await town.join(0, again=False)
    told = (await shares.state(ann, OpinionKind.REVIEW, item)).sentence
    assert "Nobody in Ashby cluster, since it was shared before your school or they left and came back, can see" in told
