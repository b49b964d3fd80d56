"""The letter by which a school tells another one of Vouch. Pure. Vouch sends it nowhere, for it knows no address of the school.

It opens nothing: the other school joins by an invitation of the operator, as every school's first person does.
"""

from dataclasses import dataclass
from urllib.parse import quote

from base.settings import Settings
from base.viewer import Viewer
from sharing.schools.schools import FoundSchool


@dataclass(frozen=True, slots=True)
class NeighbourLetter:
    headline: str
    paragraphs: tuple[str, ...]  # lines within one are divided by a newline

    @property
    def mailto(self) -> str:
        """A link that opens it in the reader's own e-mail program, for an address that they type (RFC 6068)."""
        body = "\n\n".join(self.paragraphs).replace("\n", "\r\n")
        return f"mailto:?subject={quote(self.headline, safe='')}&body={quote(body, safe='')}"


def letter(viewer: Viewer, school: FoundSchool, settings: Settings) -> NeighbourLetter:
    which = f"{school.name}, URN {school.urn}" if school.urn else school.name
    about = (
        f"At {viewer.school_name} we keep what we think of our suppliers on Vouch: whom we would use again, and why. "
        "Other schools see what we choose to share with them, and we see what they share with us. Each school decides that "
        "for itself, and can take it back."
    )
    where = f"Vouch is at {settings.origin}. What it does with personal data is at {settings.origin}/about/privacy."
    signed = f"{viewer.name}, {viewer.role.words}\n{viewer.school_name}"
    return NeighbourLetter(
        headline=f"{viewer.school_name} uses Vouch, and would like you to join",
        paragraphs=(f"For the business manager of {which}", about, _how_to_join(which, settings), where, signed),
    )


def _how_to_join(which: str, settings: Settings) -> str:
    say = f"Say that it is for {which}, and to whose e-mail address the invitation should go."
    if settings.operator_name and settings.operator_contact:
        ask = f"To join, ask {settings.operator_name}, who runs it, for an invitation: {settings.operator_contact}."
    else:
        ask = "To join, your school needs an invitation. Answer me, and I ask whoever runs Vouch for us to send you one."
    return f"We would like to compare notes with you. {ask} {say}"
