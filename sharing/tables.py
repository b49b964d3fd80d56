"""Schools and who is linked to whom; people and how they sign in; audiences and their grants."""

import uuid
from datetime import datetime

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Date, DoublePrecision, Text, Timestamptz
from piccolo.table import Table


class School(Table, tablename="sharing_school"):
    """Identity is our id, not the URN: a converting academy gets a new URN."""

    id = UUID(primary_key=True)
    kind = Text(default=None, null=False)  # school | trust (the trust's central team)
    urn = BigInt(default=None, null=True)
    uid = Text(default=None, null=True)  # a trust's group UID, or what stands for it: sharing/schools/trust_file.py
    company_number = Text(default=None, null=True)  # a trust's, where a file of trusts told it
    ukprn = BigInt(default=None, null=True)
    name = Text(default=None, null=False)
    search_name = Text(default=None, null=False)  # folded, for finding
    phase = Text(default=None, null=False)
    pupils = BigInt(default=None, null=True)  # as the next: null where the register does not say
    is_rural = Boolean(default=None, null=True)
    status = Text(default=None, null=False)  # open | closed
    local_authority = Text(default=None, null=False)
    trust_name = Text(default=None, null=True)
    town = Text(default=None, null=False)
    postcode = Text(default=None, null=False)
    lat = DoublePrecision(default=None, null=True)
    lon = DoublePrecision(default=None, null=True)
    opened_on = Date(default=None, null=True)
    closed_on = Date(default=None, null=True)
    registered_at = Timestamptz(default=None, null=False)


class Network(Table, tablename="sharing_network"):
    id = UUID(primary_key=True)
    kind = Text(default=None, null=False)  # trust | federation | local_authority | cluster | alliance | group
    name = Text(default=None, null=False)
    source = Text(default=None, null=False)  # register | school
    code = Text(default=None, null=True)  # the register's: local authority name or trust UID
    started_by = UUID(default=None, null=True)


class NetworkMember(Table, tablename="sharing_network_member"):
    id = UUID(primary_key=True)
    network = UUID(default=None, null=False)
    school = UUID(default=None, null=False)
    joined_at = Timestamptz(default=None, null=False)  # as Vouch learnt it, which is what counts for shares
    joined_on = Date(default=None, null=True)  # a trust's school, as the register says
    until_at = Timestamptz(default=None, null=True)
    shares_again = Boolean(default=False, null=False)  # joined anew, and chose to share again what it shared with it before


class NetworkInvitation(Table, tablename="sharing_network_invitation"):
    """A school of a network that schools started asks another one to join it."""

    id = UUID(primary_key=True)
    network = UUID(default=None, null=False)
    school = UUID(default=None, null=False)
    invited_by = UUID(default=None, null=False)  # the school that asks
    asked_at = Timestamptz(default=None, null=False)
    answered_at = Timestamptz(default=None, null=True)  # as whoever invited knows it: a refusal leaves it null
    declined_at = Timestamptz(default=None, null=True)


class Connection(Table, tablename="sharing_connection"):
    """One direction of an accepted connection: ``peer`` may see what ``school`` shares with its connections."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    peer = UUID(default=None, null=False)
    since_at = Timestamptz(default=None, null=False)
    until_at = Timestamptz(default=None, null=True)
    shares_again = Boolean(default=False, null=False)  # connected anew: ``school`` shares again what ``peer`` saw before


class ConnectionRequest(Table, tablename="sharing_connection_request"):
    """``school`` asked ``peer``. Who asked can't tell a refusal from an answer that is still to come."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    peer = UUID(default=None, null=False)
    asked_at = Timestamptz(default=None, null=False)
    withdrawn_at = Timestamptz(default=None, null=True)
    accepted_at = Timestamptz(default=None, null=True)
    declined_at = Timestamptz(default=None, null=True)
    shares_again = Boolean(default=False, null=False)  # what ``school`` chose for its own side of the connection


class Block(Table, tablename="sharing_block"):
    """Beats every grant: ``peer`` sees nothing that ``school`` shares."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    peer = UUID(default=None, null=False)
    since_at = Timestamptz(default=None, null=False)
    until_at = Timestamptz(default=None, null=True)


class Person(Table, tablename="sharing_person"):
    id = UUID(primary_key=True)
    email = Text(default=None, null=False)  # folded to lower case; several may claim one; "" once somebody else proved it
    name = Text(default=None, null=False)
    password_hash = Text(default=None, null=False)
    is_operator = Boolean(default=False, null=False)
    made_at = Timestamptz(default=None, null=False)
    address_proved_at = Timestamptz(default=None, null=True)  # a mailed link was opened, or a head confirmed it
    # The head who confirmed it in person, or the person where it was done at the command line; null: by the mailed link,
    # and of those there is one with an address.
    address_proved_by = UUID(default=None, null=True)

    @property
    def has_proved(self) -> bool:
        proved_at: datetime | None = self.address_proved_at
        return proved_at is not None

    @property
    def has_proved_by_mail(self) -> bool:
        """Nobody else has this address then."""
        proved_by: uuid.UUID | None = self.address_proved_by
        return self.has_proved and proved_by is None


class Membership(Table, tablename="sharing_membership"):
    id = UUID(primary_key=True)
    person = UUID(default=None, null=False)
    school = UUID(default=None, null=False)
    role = Text(default=None, null=False)
    valid_from = Timestamptz(default=None, null=False)
    valid_until = Timestamptz(default=None, null=True)  # a member's is set at leaving; an auditor's from the start
    auditor_grant = UUID(default=None, null=True)  # an auditor's, and nobody else's
    begins_at = Timestamptz(default=None, null=True)  # a new head's from outside: opens nothing before
    closes_at = Timestamptz(default=None, null=True)  # the operator reset the password: opens nothing then unless a head keeps it


class AuditorGrant(Table, tablename="sharing_auditor_grant"):
    """Somebody from outside reads trails for a time. Never deleted; revoked school by school, in its scope."""

    id = UUID(primary_key=True)
    granted_by = UUID(default=None, null=False)  # the school, or the trust for schools of its own
    made_by = UUID(default=None, null=False)
    email = Text(default=None, null=False)
    reason = Text(default=None, null=False)
    valid_from = Timestamptz(default=None, null=False)
    valid_until = Timestamptz(default=None, null=False)
    decided_by = Text(default=None, null=True)  # a trust's own audit: who decided it; null for any other
    minute = Text(default=None, null=True)  # and where the committee's decision is written down
    private_why = Text(default=None, null=True)  # why private notes and criticism are open too; null: they are not
    agreed_by = UUID(default=None, null=True)  # the second person of the trust; opens nothing before
    agreed_at = Timestamptz(default=None, null=True)


class AuditorScope(Table, tablename="sharing_auditor_scope"):
    """One stream of one school's trail that a grant opens; without a stream, the whole trail."""

    id = UUID(primary_key=True)
    auditor_grant = UUID(default=None, null=False)
    school = UUID(default=None, null=False)
    stream = Text(default=None, null=True)
    revoked_at = Timestamptz(default=None, null=True)


class OneTimeLink(Table, tablename="sharing_one_time_link"):
    id = UUID(primary_key=True)
    token_hash = Bytea(default=None, null=False)  # of the link that is handed on, if it is shown to anybody
    mailed_hash = Bytea(default=None, null=True)  # of the link in a letter to the address: whoever opens it has the mailbox
    purpose = Text(default=None, null=False)  # first | invitation | password | address
    school = UUID(default=None, null=True)
    role = Text(default=None, null=True)
    email = Text(default=None, null=True)
    person = UUID(default=None, null=True)
    made_by = UUID(default=None, null=True)  # whose unused links go when they leave; null: the command line
    made_at = Timestamptz(default=None, null=False)
    expires_at = Timestamptz(default=None, null=False)
    used_at = Timestamptz(default=None, null=True)
    auditor_grant = UUID(default=None, null=True)  # what an invitation to audit opens


class Session(Table, tablename="sharing_session"):
    id = UUID(primary_key=True)
    token_hash = Bytea(default=None, null=False)
    person = UUID(default=None, null=False)
    school = UUID(default=None, null=False)
    made_at = Timestamptz(default=None, null=False)
    seen_at = Timestamptz(default=None, null=False)
    browser = Text(default="", null=False)  # in words of ours, such as "Firefox on Windows"; never the user agent itself


class KnownBrowser(Table, tablename="sharing_known_browser"):
    """A browser that signed in to the account before; what it holds opens nothing without the password."""

    id = UUID(primary_key=True)
    token_hash = Bytea(default=None, null=False)
    person = UUID(default=None, null=False)
    signed_in_at = Timestamptz(default=None, null=False)  # the last time


class LastSchool(Table, tablename="sharing_last_school"):
    """Where signing in leads somebody who belongs to several schools, and the last day on which they did it."""

    person = UUID(primary_key=True, default=None, null=False)
    school = UUID(default=None, null=False)
    signed_in_on = Date(default=None, null=True)


class ApiKey(Table, tablename="sharing_api_key"):
    id = UUID(primary_key=True)
    key_hash = Bytea(default=None, null=False)
    prefix = Text(default=None, null=False)  # shown, so that a leaked key can be recognised
    name = Text(default=None, null=False)
    person = UUID(default=None, null=False)
    school = UUID(default=None, null=False)
    made_at = Timestamptz(default=None, null=False)
    expires_at = Timestamptz(default=None, null=False)
    revoked_at = Timestamptz(default=None, null=True)
    scopes = Text(default=None, null=False)  # values of KeyScope with a space between them
    membership = UUID(default=None, null=True)  # the key ends with it; null opens nothing
    predates_scopes = Boolean(default=False, null=False)  # made when every key could do everything


class Throttle(Table, tablename="sharing_throttle"):
    """Failed sign-ins at one account, from one address or of one known browser; ``key`` is a digest, never the e-mail."""

    key = Text(primary_key=True, default=None, null=False)
    failures = BigInt(default=None, null=False)
    last_at = Timestamptz(default=None, null=False)


class Audience(Table, tablename="sharing_audience"):
    """Interned per owner: identical choices share a row."""

    id = UUID(primary_key=True)
    owner = UUID(default=None, null=False)
    digest = Text(default=None, null=False)
    made_at = Timestamptz(default=None, null=False)


class AudienceGrant(Table, tablename="sharing_audience_grant"):
    """Append-only. A share ends when its review or note points elsewhere: others may still be shared with the same audience.
    ``revoked_at`` is read, and nothing sets it.
    """

    id = UUID(primary_key=True)
    audience = UUID(default=None, null=False)
    owner = UUID(default=None, null=False)
    kind = Text(default=None, null=False)  # person | school | supplier | network | connected | near | everyone
    subject = UUID(default=None, null=True)
    at_school = UUID(default=None, null=True)  # a person's grant: where they work; null in one from before it was asked
    membership = UUID(default=None, null=True)  # and the membership there, with which the grant ends; null opens nothing
    miles = BigInt(default=None, null=True)
    fields = BigInt(default=None, null=False)  # the mask: see sharing/access/fields.py
    valid_from = Timestamptz(default=None, null=False)
    expires_at = Timestamptz(default=None, null=True)
    joined_before = Timestamptz(default=None, null=True)
    head_confirmed_by = UUID(default=None, null=True)
    revoked_at = Timestamptz(default=None, null=True)


TABLES = (
    School,
    Network,
    NetworkMember,
    NetworkInvitation,
    Connection,
    ConnectionRequest,
    Block,
    Person,
    Membership,
    AuditorGrant,
    AuditorScope,
    OneTimeLink,
    Session,
    KnownBrowser,
    LastSchool,
    ApiKey,
    Throttle,
    Audience,
    AudienceGrant,
)
