"""No sequence of acts by members of one school, whatever their roles, changes what they may read of another."""

from contextlib import nullcontext
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from base import clock
from tests.conftest import Template
from tests.given.builders import PASSWORD
from tests.given.examples import IS_THE_SUITE, examples, fewer_on_postgres
from tests.given.intruders import PAUSES, SECRETS, Intruders, intruders
from tests.given.letters import letters_are_sent, throw_letters_away

STEPS: Final = 30


@settings(
    max_examples=fewer_on_postgres(examples(8)),  # who may read what, one predicate says for both
    phases=[Phase.explicit, Phase.generate],  # a seed does not shrink
    derandomize=IS_THE_SUITE,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
async def test_whatever_members_of_a_school_do_they_read_no_more_of_another(
    template: Template, tmp_path: Path, seed: int
) -> None:
    """In every second town letters are sent."""
    with letters_are_sent() if seed % 2 else nullcontext():
        throw_letters_away()
        async with intruders(template, tmp_path, seed) as they:
            await they_try(they)


async def they_try(they: Intruders) -> None:
    """They begin with nothing, as the test below sees."""
    moment = clock.now()
    for _ in range(STEPS):
        held = set(they.accounts)
        moment += they.chance.choice(PAUSES) * (they.chance.random() < 0.1)
        with clock.at(moment):
            await they.try_something()
            if held != set(they.accounts):
                assert await they.secrets() == set(), "\n".join(they.done)
    with clock.at(moment):
        assert await they.secrets() == set(), "\n".join(they.done)


async def test_the_words_that_they_look_for_are_found_by_whoever_may_read_them(template: Template, tmp_path: Path) -> None:
    """Otherwise the test above would find nothing, whatever they read."""
    async with intruders(template, tmp_path, 0) as they:
        assert await they.secrets() == set()
        they.accounts[they.town.emails["hal"]] = PASSWORD
        assert await they.secrets() == set(SECRETS)
