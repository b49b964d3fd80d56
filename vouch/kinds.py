"""The kinds of what happens, by which a trail can be looked through: each event is of one.

An event belongs where its name begins so; what begins otherwise is something else.
"""

from collections.abc import Iterable
from typing import Final

from audit.reading.filters import Kind

_BEGIN: Final = {
    "suppliers": ("Suppliers added, changed or joined", "supplier suppliers correction directory"),
    "vouches": ("Vouches", "vouch"),
    "reviews": ("Reviews", "review help interest criticism"),
    "notes": ("Notes and their files", "note attachment"),
    "shares": ("What we share", "share"),
    "enquiries": ("What schools ask each other", "enquiry"),
    "connections": ("Connections and networks", "connection network"),
    "contracts": ("Contracts", "contract contracts"),
    "service": ("Service levels, and what was logged", "service metric calendar"),
    "contract-reviews": ("Meetings about contracts", "contract_review"),
    "people": (
        "People and what they may do",
        """person invitation role head head_naming two_people succession succession_link confirmer published_address outside_link
        break_glass operator first_link school trust trusts register""",
    ),
    "accounts": ("Passwords, addresses and keys", "password password_link password_letter address address_letter api_key"),
    "letters": ("Letters and calendar feeds", "letters feed waiting_feed"),
    "auditors": ("Auditors, and what was taken away", "auditor auditor_link pack timeline records foi"),
    "erasure": ("Erasures, holds and how long records are kept", "erasure hold retention subject_access"),
    "trail": ("The trail and its seals", "trail key seal_recipient"),
}
_ELSE: Final = ("else", "Something else")


def of_events(types: Iterable[str]) -> dict[str, Kind]:
    """The kinds by their word, each with those of ``types`` that are of it."""
    sorted_out = {word: Kind(name, _beginning(types, frozenset(begin.split()))) for word, (name, begin) in _BEGIN.items()}
    known = {one for kind in sorted_out.values() for one in kind.types}
    word, name = _ELSE
    rest = Kind(name, tuple(one for one in types if one not in known))
    return sorted_out | ({word: rest} if rest.types else {})


def _beginning(types: Iterable[str], with_one_of: frozenset[str]) -> tuple[str, ...]:
    return tuple(one for one in types if one.partition(".")[0] in with_one_of)
