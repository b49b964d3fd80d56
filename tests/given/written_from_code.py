"""Files that are written from the code and kept in the repository, so that a change to them is seen in review.

``VOUCH_WRITE=1 ./run test`` with the tests of ``WRITERS`` writes them anew.
"""

import os

from tests.given.checkout import ROOT

WRITERS = (
    "house/test_openapi",
    "house/test_rooms",
    "promises/test_routes",
    "sharing/test_members_ranks",
    "suppliers/test_opinions_extras",
    "audit/test_verifier_assemble",
    "audit/test_verifier_pages",
    "audit/test_verifier_vectors",
)
HOW = f"VOUCH_WRITE=1 ./run test {' '.join(f'tests/{name}.py' for name in WRITERS)}"


def is_pinned(name: str, text: str) -> bool:
    """Whether the file holds just this text; fails with the command that writes it."""
    path = ROOT / name
    if os.environ.get("VOUCH_WRITE"):
        path.write_text(text, encoding="utf-8")
    assert path.is_file() and path.read_text(encoding="utf-8") == text, f"{name} is out of date. Run: {HOW}"  # noqa: PT018
    return True
