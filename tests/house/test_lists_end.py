"""No list ends without a word: what reads at most so many rows says on its page that there are more, or has a next page."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.given.checkout import ROOT

pytestmark = pytest.mark.pure

SLICES: Final = ("audit", "contracts", "disclosure", "notices", "privacy", "sharing", "suppliers")
# What asks for one row more than it shows, such as .limit(PAGE + 1), knows that there is a next page.
LIMIT: Final = re.compile(r"\.limit\([A-Z_]+\)|\bLIMIT (?!1\b)")

SAYS: Final = {  # its page says that there may be more, and where or how to find them
    "contracts/access/served.py": "the page on which a contract is chosen, to log something",
    "contracts/changes/linking.py": "the page on which another contract is chosen; it looks for a part of a name",
    "contracts/shares/shown.py": "a supplier's page: no more are listed; those of one's own school come first",
    "sharing/auditors/listing.py": "the trail has them all",
    "sharing/operator/opened.py": "the trail has them all",
    "suppliers/asking/seen.py": "the newest; the trail has ours",
    "suppliers/corrections/history.py": "the trail has them all",
    "suppliers/corrections/proposals.py": "the trail has them all",
    "suppliers/merging/history.py": "the trail has them all",
    "suppliers/shares/news.py": "counted as at least so many",
}
PAGES: Final = {  # what comes after is on the next page
    "audit/reading/only.py": "the timeline",
    "contracts/imports/rows.py": "names of a file",
    "contracts/service_events/stored.py": "what happened under a contract",
    "suppliers/merging/curators_queue.py": "pairs for a curator",
    "suppliers/search/standings.py": "what a search finds",
}
ENOUGH: Final = {  # nobody reads a list of it
    "audit/log/fsck.py": "batches",
    "audit/packs/extent.py": "batches",
    "audit/seals/seals.py": "looked through for one seal",
    "audit/seals/stamped.py": "batches",
    "audit/witnesses/memory.py": "batches",
    "contracts/imports/adding.py": "batches",
    "contracts/imports/checking.py": "batches",
    "contracts/lists/ahead.py": "more contracts than a trust has",
    "contracts/lists/awarded.py": "more contracts than a trust has",
    "contracts/lists/by_supplier.py": "more contracts than a trust has",
    "contracts/lists/listing.py": "officers to filter by, besides a search; counts said as so many or more",
    "contracts/lists/trust_contracts.py": "more contracts than a trust has",
    "contracts/lists/whole.py": "batches",
    "contracts/shares/news.py": "counted as at least so many",
    "notices/desk/waiting_due.py": "batches",
    "sharing/access/narrower.py": "an estimate for a plan",
    "sharing/schools/schools.py": "candidates whose spelling is compared",
    "sharing/sign_in/known_browsers.py": "the oldest are forgotten",
    "suppliers/asking/fitting.py": "choices beside a box for a name",
    "suppliers/directory/our_list.py": "names offered while somebody types",
    "suppliers/imports/adding.py": "batches",
    "suppliers/imports/errors_file.py": "batches",
    "suppliers/imports/imports.py": "the first rows of a file, to understand it by",
    "suppliers/imports/remembered.py": "the oldest are forgotten",
    "suppliers/imports/rows.py": "batches",
    "suppliers/index/rebuilding.py": "batches",
    "suppliers/merging/directory_sweep.py": "batches",
    "suppliers/opinions/logged.py": "the newest few beside a form",
    "suppliers/ours/at_hand.py": "the few that were used last, above a search",
    "suppliers/ours/still_true.py": "a few at a time: the next come when these are answered",
}


def test_every_limit_is_said_or_goes_on() -> None:
    limited = {str(path.relative_to(ROOT)) for path in _modules() if LIMIT.search(path.read_text())}
    assert limited == SAYS.keys() | PAGES.keys() | ENOUGH.keys(), (
        "A list that ends at a limit says so on its page (no_more_than of parts.html) or has pages; then name it here."
    )


def _modules() -> list[Path]:
    return [path for slice_ in SLICES for path in (ROOT / slice_).rglob("*.py") if path.name != "vouch_verify.py"]
