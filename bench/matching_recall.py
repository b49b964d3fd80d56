"""How surely the suppliers that may be the same are found: of true partners, and of names with slips."""

import random
from collections.abc import Sequence
from itertools import permutations
from uuid import UUID

from bench.names_asked import is_reachable, worse


async def recall(clusters: list[list[str]], ids: dict[str, UUID]) -> dict[str, str]:
    """Of the true partners that a name can lead to, how many are among the candidates, and among the suggestions."""
    import database  # noqa: PLC0415
    from suppliers.index import candidates as blocking  # noqa: PLC0415
    from suppliers.matching.names import normalise  # noqa: PLC0415
    from tests.given.builders import a_person, a_school  # noqa: PLC0415

    ann = await a_person(await a_school())
    reachable = found = total = 0
    for cluster in clusters:
        for asked, other in permutations([name for name in cluster if name in ids], 2):
            total += 1
            if not is_reachable(asked, other):
                continue
            reachable += 1
            async with database.read():
                candidates = await blocking.candidates(ann, normalise(asked))
            found += ids[other] in {one.supplier for one in candidates}
    return {"candidate recall": f"{found / reachable:.4f} of {reachable:,} ({found / total:.3f} of all {total:,})"}


async def slips(names: Sequence[str], ids: dict[str, UUID], asked_of: int) -> dict[str, str]:
    """Of names with one or two slips, an abbreviation, a form more or less, a ledger's number or a cut-off end: how many of
    these find their supplier, or one that is spelt the same, among ten.
    """
    import database  # noqa: PLC0415
    from suppliers.index import candidates as blocking  # noqa: PLC0415
    from suppliers.matching import identifiers, matching  # noqa: PLC0415
    from suppliers.matching.matching import Candidate  # noqa: PLC0415
    from suppliers.matching.names import normalise  # noqa: PLC0415
    from tests.given.builders import a_person, a_school  # noqa: PLC0415

    ann, chance = await a_person(await a_school()), random.Random(4)
    asked = chance.sample([name for name in names if name in ids and len(name) >= 8], asked_of)
    found = 0
    for name in asked:
        typed = normalise(worse(name, chance))
        async with database.read():
            likely = await blocking.shortlist(ann, typed)
        best = matching.best(Candidate(typed), [one.candidate(identifiers.NO_IDENTIFIERS) for one in likely], limit=10)
        found += any(match.other.ref == str(ids[name]) or match.other.name.exact == normalise(name).exact for match in best)
    return {"recall@10 with slips": f"{found / len(asked):.3f} of {len(asked):,}"}
