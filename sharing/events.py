"""What the trail says happened in sharing/. The values are stored and sealed; never change one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Event(StrEnum):
    REGISTER_IMPORTED = "register.imported"

    FIRST_LINK_MADE = "first_link.made"
    OPERATOR_APPOINTED = "operator.appointed"
    PERSON_INVITED = "person.invited"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    PERSON_JOINED = "person.joined"
    PERSON_REMOVED = "person.removed"
    ROLE_CHANGED = "role.changed"
    PASSWORD_LINK_MADE = "password_link.made"
    PASSWORD_CHANGED = "password.changed"
    PASSWORD_REHASHED = "password.rehashed"
    API_KEY_CREATED = "api_key.created"
    API_KEY_REVOKED = "api_key.revoked"


SENTENCES: Final[Mapping[str, str]] = {
    Event.REGISTER_IMPORTED: "Brought the school register up to date",
    Event.FIRST_LINK_MADE: "Made the link for the first account",
    Event.OPERATOR_APPOINTED: "Became the operator of this installation",
    Event.PERSON_INVITED: "Invited a colleague",
    Event.INVITATION_WITHDRAWN: "Withdrew an invitation",
    Event.PERSON_JOINED: "Joined the school",
    Event.PERSON_REMOVED: "Removed a colleague",
    Event.ROLE_CHANGED: "Changed a colleague's role",
    Event.PASSWORD_LINK_MADE: "Made a link to set a new password",
    Event.PASSWORD_CHANGED: "Changed their password",
    Event.PASSWORD_REHASHED: "Stored a password in a stronger form",
    Event.API_KEY_CREATED: "Created an API key",
    Event.API_KEY_REVOKED: "Revoked an API key",
}
