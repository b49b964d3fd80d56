"""The same packs before Python's verifier and the browser's, and where the two verdicts differ."""

from collections.abc import Sequence
from typing import Any, Final

from tests.given.odd_packs import Case, case
from tests.given.verifier_in_browser import Place, in_python

VERIFY: Final = """async (cases, { verifyPack }) => {
    const blob = (text) => new Blob([raw(text)]), told = [];
    for (const { pack, keys, since } of cases) {
        try {
            const { rows, ...verdict } = await verifyPack(blob(pack), { keys, since: since === null ? undefined : blob(since) });
            told.push(verdict);
        } catch (error) { told.push({ status: "threw", what: String(error.stack) }); }
    }
    return told;
}"""
# Of what is unreadable, each side says so in the words of its own libraries.
ALIKE: Final = ("status", "fault", "idx", "facts", "warnings", "what")


async def differences(place: Place, cases: Sequence[Case]) -> tuple[list[str], list[dict[str, Any]]]:
    """A line for each case whose verdicts differ, and Python's verdicts."""
    sent = [{"pack": c.pack.hex(), "keys": list(c.keys), "since": None if c.since is None else c.since.hex()} for c in cases]
    told = await place.ask("pack", VERIFY, sent)
    wanted = [_python(one) for one in cases]
    return [line for one, want, found in zip(cases, wanted, told, strict=True) if (line := _difference(one, want, found))], wanted


def some(seeds: range) -> list[Case]:
    return [case(seed) for seed in seeds]


def _python(one: Case) -> dict[str, Any]:
    try:
        return in_python(one.pack, one.keys, one.since)
    except Exception as error:  # a verifier that raises is a finding, not the end of the search
        return {"status": "raised", "what": repr(error)}


def _difference(one: Case, want: dict[str, Any], found: dict[str, Any]) -> str:
    parts = ALIKE if want["status"] != "unreadable" else ALIKE[:-1]
    differ = [
        f"{part}: {want.get(part)!r:.300} / {found.get(part)!r:.300}" for part in parts if want.get(part) != found.get(part)
    ]
    return f"{one.name}: {'; '.join(differ)}" if differ else ""
