"""What the trail says happened in sharing/. The values are stored and sealed; never change one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Event(StrEnum):
    REGISTER_IMPORTED = "register.imported"
    TRUSTS_IMPORTED = "trusts.imported"
    TRUST_CHANGED = "trust.changed"
    SCHOOL_CONVERTED = "school.converted"

    FIRST_LINK_MADE = "first_link.made"
    OPERATOR_APPOINTED = "operator.appointed"
    PERSON_INVITED = "person.invited"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    PERSON_JOINED = "person.joined"
    PERSON_REMOVED = "person.removed"
    ROLE_CHANGED = "role.changed"
    HEAD_NAMED = "head.named"
    HEAD_NAMING_WITHDRAWN = "head_naming.withdrawn"
    HEAD_CONFIRMED = "head.confirmed"
    TWO_PEOPLE_ASKED = "two_people.asked"
    TWO_PEOPLE_CONFIRMED = "two_people.confirmed"
    PUBLISHED_ADDRESS_SET = "published_address.set"
    OUTSIDE_LINK_MADE = "outside_link.made"
    CONFIRMER_NAMED = "confirmer.named"
    CONFIRMER_ENDED = "confirmer.ended"
    BREAK_GLASS_INVITED = "break_glass.invited"
    BREAK_GLASS_RESET = "break_glass.reset"
    BREAK_GLASS_KEPT = "break_glass.kept"
    BREAK_GLASS_ENDED = "break_glass.ended"
    SUCCESSION_STARTED = "succession.started"
    SUCCESSION_LINK_MADE = "succession_link.made"
    SUCCESSION_ACCEPTED = "succession.accepted"
    SUCCESSION_OBJECTED = "succession.objected"
    SUCCESSION_WITHDRAWN = "succession.withdrawn"
    PASSWORD_LINK_AGREED = "password_link.agreed"
    PASSWORD_LINK_MADE = "password_link.made"
    PASSWORD_CHANGED = "password.changed"
    PASSWORD_LETTER_SENT = "password_letter.sent"
    ADDRESS_LETTER_SENT = "address_letter.sent"
    ADDRESS_PROVED = "address.proved"
    ADDRESS_CONFIRMED = "address.confirmed"
    ADDRESS_LOST = "address.lost"
    PASSWORD_REHASHED = "password.rehashed"
    API_KEY_CREATED = "api_key.created"
    API_KEY_REVOKED = "api_key.revoked"

    AUDITOR_GRANTED = "auditor.granted"
    AUDITOR_ASKED = "auditor.asked"
    AUDITOR_OBJECTED = "auditor.objected"
    AUDITOR_LINK_MADE = "auditor_link.made"
    AUDITOR_JOINED = "auditor.joined"
    AUDITOR_REVOKED = "auditor.revoked"

    CONNECTION_ASKED = "connection.asked"
    CONNECTION_WITHDRAWN = "connection.withdrawn"
    CONNECTION_ACCEPTED = "connection.accepted"
    CONNECTION_DECLINED = "connection.declined"
    CONNECTION_ENDED = "connection.ended"
    SCHOOL_BLOCKED = "school.blocked"
    SCHOOL_UNBLOCKED = "school.unblocked"
    NETWORK_STARTED = "network.started"
    NETWORK_SCHOOL_INVITED = "network.school_invited"
    NETWORK_INVITATION_WITHDRAWN = "network.invitation_withdrawn"
    NETWORK_JOINED = "network.joined"
    NETWORK_DECLINED = "network.declined"
    NETWORK_LEFT = "network.left"


SENTENCES: Final[Mapping[str, str]] = {
    Event.REGISTER_IMPORTED: "Brought the school register up to date",
    Event.TRUSTS_IMPORTED: "Brought trusts and their schools up to date from a file",
    Event.TRUST_CHANGED: "A trust, or which schools are in it, changed in the register",
    Event.SCHOOL_CONVERTED: "A school goes on under another URN, as when it becomes an academy",
    Event.FIRST_LINK_MADE: "Made the link for the first account",
    Event.OPERATOR_APPOINTED: "Became the operator of this installation",
    Event.PERSON_INVITED: "Invited a colleague",
    Event.INVITATION_WITHDRAWN: "Withdrew an invitation",
    Event.PERSON_JOINED: "Joined the school",
    Event.PERSON_REMOVED: "Removed a colleague",
    Event.ROLE_CHANGED: "Changed a colleague's role",
    Event.HEAD_NAMED: "Named a colleague as head, to be confirmed",
    Event.HEAD_NAMING_WITHDRAWN: "Took back the naming of a head",
    Event.HEAD_CONFIRMED: "Confirmed whom the school named as head",
    Event.TWO_PEOPLE_ASKED: "Asked somebody from outside to confirm that two colleagues are two people",
    Event.TWO_PEOPLE_CONFIRMED: "Confirmed from outside that two colleagues are two people",
    Event.PUBLISHED_ADDRESS_SET: "Set where the school's chair is written to",
    Event.OUTSIDE_LINK_MADE: "Sent a decision to the school's published address",
    Event.CONFIRMER_NAMED: "Named who confirms criticism beside the head, for a year",
    Event.CONFIRMER_ENDED: "Ended that somebody confirms criticism beside the head",
    Event.BREAK_GLASS_INVITED: "Let somebody in for 24 hours, without being asked by the school",
    Event.BREAK_GLASS_RESET: "Made a link to set somebody's password, without being asked by the school",
    Event.BREAK_GLASS_KEPT: "Kept what the operator had opened for 24 hours",
    Event.BREAK_GLASS_ENDED: "Ended what the operator had opened",
    Event.SUCCESSION_STARTED: "Invited a new head, to begin after five school days",
    Event.SUCCESSION_LINK_MADE: "Made a new link for the new head",
    Event.SUCCESSION_ACCEPTED: "Accepted to be the new head",
    Event.SUCCESSION_OBJECTED: "Objected to the new head, which stopped it",
    Event.SUCCESSION_WITHDRAWN: "Took back the invitation of a new head",
    Event.PASSWORD_LINK_AGREED: "Agreed to a new password, as one of two heads",
    Event.PASSWORD_LINK_MADE: "Made a link to set a new password",
    Event.PASSWORD_CHANGED: "Changed their password",
    Event.PASSWORD_LETTER_SENT: "Sent a letter with a link to set a new password",
    Event.ADDRESS_LETTER_SENT: "Sent a letter to prove an address",
    Event.ADDRESS_PROVED: "Proved an address by the link in a letter",
    Event.ADDRESS_CONFIRMED: "Confirmed in person that an address is somebody's",
    Event.ADDRESS_LOST: "Took an address from an account, because somebody else proved it",
    Event.PASSWORD_REHASHED: "Stored a password in a stronger form",
    Event.API_KEY_CREATED: "Created an API key",
    Event.API_KEY_REVOKED: "Revoked an API key",
    Event.AUDITOR_GRANTED: "Let an auditor in",
    Event.AUDITOR_ASKED: "Asked to let an auditor in to schools of the trust, to be agreed by a second person",
    Event.AUDITOR_OBJECTED: "Objected to an audit that the trust decided",
    Event.AUDITOR_LINK_MADE: "Made a new link for an auditor",
    Event.AUDITOR_JOINED: "Began to audit",
    Event.AUDITOR_REVOKED: "Ended an auditor's access",
    Event.CONNECTION_ASKED: "Asked a school to connect",
    Event.CONNECTION_WITHDRAWN: "Took back a request to connect",
    Event.CONNECTION_ACCEPTED: "Connected with a school that asked",
    Event.CONNECTION_DECLINED: "Declined a request to connect",
    Event.CONNECTION_ENDED: "Ended a connection",
    Event.SCHOOL_BLOCKED: "Blocked a school",
    Event.SCHOOL_UNBLOCKED: "Unblocked a school",
    Event.NETWORK_STARTED: "Started a network",
    Event.NETWORK_SCHOOL_INVITED: "Invited a school to a network",
    Event.NETWORK_INVITATION_WITHDRAWN: "Took back an invitation to a network",
    Event.NETWORK_JOINED: "Joined a network",
    Event.NETWORK_DECLINED: "Declined to join a network",
    Event.NETWORK_LEFT: "Left a network",
}
