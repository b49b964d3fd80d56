"""Schools, links, people, sign-in, audiences. Rules that must hold are CHECKs and indexes here, named as sentences."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "sharing_0001"
VERSION = "1.38.0"
DESCRIPTION = "schools, people, audiences"

SCHOOLS = (
    """CREATE TABLE sharing_school (
        id UUID PRIMARY KEY NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('school', 'trust')),
        urn BIGINT UNIQUE, {text:uid:20:null} UNIQUE, ukprn BIGINT,
        {text:name:200}, {text:search_name:300}, {text:phase:60},
        status TEXT NOT NULL CHECK (status IN ('open', 'closed')),
        {text:local_authority:120}, {text:trust_name:200:null}, {text:town:120}, {text:postcode:10},
        lat DOUBLE PRECISION, lon DOUBLE PRECISION, opened_on DATE, closed_on DATE,
        registered_at TIMESTAMPTZ NOT NULL,
        CHECK ((lat IS NULL) = (lon IS NULL)))""",
    "CREATE INDEX sharing_school_search_name ON sharing_school (search_name)",
    "CREATE INDEX sharing_school_place ON sharing_school (lat, lon)",
    "CREATE INDEX sharing_school_town ON sharing_school (town)",
    """CREATE TABLE sharing_network (
        id UUID PRIMARY KEY NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('trust', 'federation', 'local_authority', 'cluster', 'alliance', 'group')),
        {text:name:200}, source TEXT NOT NULL CHECK (source IN ('register', 'school')),
        {text:code:120:null}, started_by UUID REFERENCES sharing_school(id),
        CHECK ((source = 'register') = (code IS NOT NULL)))""",
    "CREATE UNIQUE INDEX sharing_network_code ON sharing_network (kind, code) WHERE code IS NOT NULL",
    """CREATE TABLE sharing_network_member (
        id UUID PRIMARY KEY NOT NULL,
        network UUID NOT NULL REFERENCES sharing_network(id), school UUID NOT NULL REFERENCES sharing_school(id),
        joined_at TIMESTAMPTZ NOT NULL, until_at TIMESTAMPTZ)""",
    """CREATE UNIQUE INDEX sharing_one_live_membership_of_a_network
        ON sharing_network_member (school, network) WHERE until_at IS NULL""",
    "CREATE INDEX sharing_network_member_network ON sharing_network_member (network)",
    *(
        f"""CREATE TABLE sharing_{table} (
        id UUID PRIMARY KEY NOT NULL,
        school UUID NOT NULL REFERENCES sharing_school(id), peer UUID NOT NULL REFERENCES sharing_school(id),
        since_at TIMESTAMPTZ NOT NULL, until_at TIMESTAMPTZ, CHECK (school <> peer))"""
        for table in ("connection", "block")
    ),
    """CREATE TABLE sharing_network_invitation (
        id UUID PRIMARY KEY NOT NULL, network UUID NOT NULL REFERENCES sharing_network(id),
        school UUID NOT NULL REFERENCES sharing_school(id), invited_by UUID NOT NULL REFERENCES sharing_school(id),
        asked_at TIMESTAMPTZ NOT NULL, answered_at TIMESTAMPTZ)""",
    "CREATE UNIQUE INDEX sharing_one_open_invitation ON sharing_network_invitation (school, network) WHERE answered_at IS NULL",
    """CREATE TABLE sharing_connection_request (
        id UUID PRIMARY KEY NOT NULL,
        school UUID NOT NULL REFERENCES sharing_school(id), peer UUID NOT NULL REFERENCES sharing_school(id),
        asked_at TIMESTAMPTZ NOT NULL, withdrawn_at TIMESTAMPTZ, accepted_at TIMESTAMPTZ, declined_at TIMESTAMPTZ,
        CHECK (school <> peer))""",
    """CREATE UNIQUE INDEX sharing_one_open_request ON sharing_connection_request (peer, school)
        WHERE withdrawn_at IS NULL AND accepted_at IS NULL""",
    "CREATE INDEX sharing_connection_request_school ON sharing_connection_request (school)",
    "CREATE UNIQUE INDEX sharing_one_live_connection ON sharing_connection (peer, school) WHERE until_at IS NULL",
    "CREATE UNIQUE INDEX sharing_one_live_block ON sharing_block (peer, school) WHERE until_at IS NULL",
)

PEOPLE = (
    """CREATE TABLE sharing_person (
        id UUID PRIMARY KEY NOT NULL, {text:email:254} UNIQUE, {text:name:120}, {text:password_hash:300},
        is_operator BOOLEAN NOT NULL, made_at TIMESTAMPTZ NOT NULL)""",
    """CREATE TABLE sharing_membership (
        id UUID PRIMARY KEY NOT NULL,
        person UUID NOT NULL REFERENCES sharing_person(id), school UUID NOT NULL REFERENCES sharing_school(id),
        role TEXT NOT NULL CHECK (role IN ('business_manager', 'head', 'governor')),
        valid_from TIMESTAMPTZ NOT NULL, valid_until TIMESTAMPTZ)""",
    "CREATE UNIQUE INDEX sharing_one_live_role_at_a_school ON sharing_membership (person, school) WHERE valid_until IS NULL",
    "CREATE INDEX sharing_membership_school ON sharing_membership (school)",
    """CREATE TABLE sharing_one_time_link (
        id UUID PRIMARY KEY NOT NULL, token_hash {bytes} NOT NULL UNIQUE,
        purpose TEXT NOT NULL CHECK (purpose IN ('first', 'invitation', 'password')),
        school UUID REFERENCES sharing_school(id), {text:role:20:null}, {text:email:254:null},
        person UUID REFERENCES sharing_person(id), made_by UUID REFERENCES sharing_person(id),
        made_at TIMESTAMPTZ NOT NULL, expires_at TIMESTAMPTZ NOT NULL, used_at TIMESTAMPTZ)""",
    "CREATE INDEX sharing_one_time_link_school ON sharing_one_time_link (school)",
    """CREATE TABLE sharing_session (
        id UUID PRIMARY KEY NOT NULL, token_hash {bytes} NOT NULL UNIQUE,
        person UUID NOT NULL REFERENCES sharing_person(id), school UUID NOT NULL REFERENCES sharing_school(id),
        made_at TIMESTAMPTZ NOT NULL, seen_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX sharing_session_person ON sharing_session (person)",
    """CREATE TABLE sharing_last_school (
        person UUID PRIMARY KEY NOT NULL REFERENCES sharing_person(id),
        school UUID NOT NULL REFERENCES sharing_school(id))""",
    """CREATE TABLE sharing_api_key (
        id UUID PRIMARY KEY NOT NULL, key_hash {bytes} NOT NULL UNIQUE, {text:prefix:20}, {text:name:80},
        person UUID NOT NULL REFERENCES sharing_person(id), school UUID NOT NULL REFERENCES sharing_school(id),
        made_at TIMESTAMPTZ NOT NULL, expires_at TIMESTAMPTZ NOT NULL, revoked_at TIMESTAMPTZ)""",
    "CREATE TABLE sharing_throttle ({text:key:80} PRIMARY KEY, failures BIGINT NOT NULL, last_at TIMESTAMPTZ NOT NULL)",
)

AUDIENCES = (
    """CREATE TABLE sharing_audience (
        id UUID PRIMARY KEY NOT NULL, owner UUID NOT NULL REFERENCES sharing_school(id),
        {text:digest:64}, made_at TIMESTAMPTZ NOT NULL)""",
    "CREATE UNIQUE INDEX sharing_identical_choices_share_an_audience ON sharing_audience (owner, digest)",
    """CREATE TABLE sharing_audience_grant (
        id UUID PRIMARY KEY NOT NULL,
        audience UUID NOT NULL REFERENCES sharing_audience(id), owner UUID NOT NULL REFERENCES sharing_school(id),
        kind TEXT NOT NULL CHECK (kind IN ('person', 'school', 'supplier', 'network', 'connected', 'near', 'everyone')),
        subject UUID, miles BIGINT CHECK (miles BETWEEN 1 AND 25), fields BIGINT NOT NULL CHECK (fields BETWEEN 0 AND 63),
        valid_from TIMESTAMPTZ NOT NULL, expires_at TIMESTAMPTZ, joined_before TIMESTAMPTZ,
        head_confirmed_by UUID REFERENCES sharing_person(id), revoked_at TIMESTAMPTZ,
        CHECK ((kind IN ('person', 'school', 'supplier', 'network')) = (subject IS NOT NULL)),
        CHECK ((kind = 'near') = (miles IS NOT NULL)),
        CONSTRAINT criticism_goes_one_to_one_unless_the_head_confirms CHECK (
            fields % 8 < 4 OR kind IN ('person', 'school', 'supplier') OR head_confirmed_by IS NOT NULL))""",
    "CREATE INDEX sharing_audience_grant_audience ON sharing_audience_grant (audience)",
    "CREATE INDEX sharing_audience_grant_subject ON sharing_audience_grant (kind, subject)",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=(*SCHOOLS, *PEOPLE, *AUDIENCES), sqlite=(_NO_DELETE_SQLITE,), postgres=_NO_DELETE_POSTGRES)


KEPT = ("sharing_audience_grant",)

_NO_DELETE_SQLITE = """CREATE TRIGGER sharing_audience_grant_no_delete BEFORE DELETE ON sharing_audience_grant
    BEGIN SELECT RAISE(ABORT, 'a grant is revoked, never deleted'); END"""

_NO_DELETE_POSTGRES = (
    """CREATE FUNCTION sharing_grant_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'a grant is revoked, never deleted'; END $$""",
    """CREATE TRIGGER sharing_audience_grant_no_delete BEFORE DELETE ON sharing_audience_grant
        FOR EACH STATEMENT EXECUTE FUNCTION sharing_grant_refuse()""",
)
