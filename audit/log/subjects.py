"""The names of what entries are about: of subjects, and of streams, which are called after what all their entries are about.

One vocabulary for both: the stream and the subject "supplier:<id>" are about the same supplier. Names are stored and sealed;
never change one. They are text, so the trail needs to know nothing of the slices whose things they name.
"""

from enum import StrEnum
from typing import Final
from uuid import UUID

# Of these there is one in a trail. The last three are in the operator's. "trail" itself is base.viewer.ABOUT_THE_TRAIL.
OUR_SCHOOL: Final = "school"  # its people, connections and networks
PACKS: Final = "packs"
AUDITORS: Final = "auditors"
SEALS: Final = "seals"
ERASURES: Final = "erasures"
IMPORTS: Final = "imports"
ENQUIRIES: Final = "enquiries"  # what it asks other schools, and answers them
FOI: Final = "foi"  # answers to requests under the Freedom of Information Act
CALENDAR: Final = "calendar"  # its hours and term dates
ACCOUNTS: Final = "accounts"
DIRECTORY: Final = "directory"
REGISTER: Final = "register"

SHORT_DIGEST: Final = 16  # hexadecimal digits of a file's SHA-256 that name it


class Subject(StrEnum):
    """What there are many of: the word that each one's name begins with. A colon and its id follow."""

    API_KEY = "api_key"
    AUDITOR = "auditor"  # a person, as who reads the trail
    AUDITOR_GRANT = "auditor_grant"
    CONTRACT = "contract"
    CORRECTION = "correction"  # of a directory entry, that a school proposes
    DECISION = "decision"  # of a person, on whether two suppliers are the same
    ENQUIRY = "enquiry"  # what a school asks others
    ERASURE = "erasure"
    HOLD = "hold"
    IMPORT = "import"
    LINK = "link"  # a one-time link, or that of two suppliers
    MERGE = "merge"
    NETWORK = "network"
    NOTE = "note"
    PERSON = "person"
    REVIEW = "review"
    SCHOOL = "school"  # another one, that the school connects with
    SEAL_RECIPIENT = "seal_recipient"
    SUPPLIER = "supplier"

    def of(self, which: UUID) -> str:
        """The name of the one with this id, such as "review:0190a6c4-…"."""
        return f"{self}:{which}"

    def id_in(self, name: str) -> UUID | None:
        """The id in a name that ``of`` gives; None for a name of anything else."""
        if not name.startswith(f"{self}:"):
            return None
        try:
            which = UUID(name.removeprefix(f"{self}:"))
        except ValueError:
            return None
        return which if name == self.of(which) else None


def pack(sha256: str) -> str:
    """The name of an audit pack whose file has this digest in hexadecimal."""
    return f"pack:{sha256[:SHORT_DIGEST]}"


def timeline(sha256: str) -> str:
    """The name of a downloaded timeline whose file has this digest in hexadecimal."""
    return f"timeline:{sha256[:SHORT_DIGEST]}"


def records(sha256: str) -> str:
    """The name of a copy of a school's records whose file has this digest in hexadecimal."""
    return f"records:{sha256[:SHORT_DIGEST]}"


def retention(kind: str) -> str:
    """The name of how long records of a kind are kept."""
    return f"retention:{kind}"


def key(vkey: str) -> str:
    """The name of a key that signs seals: the first two parts of its verifier key, which are its name and its hash."""
    return "key:" + "+".join(vkey.split("+")[:2])
