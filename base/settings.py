"""Everything an operator can choose, read once from ``VOUCH_*`` environment variables.

``docs/reference/settings.md`` lists each one; a test keeps the two in step.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from ipaddress import ip_network
from os import environ
from pathlib import Path
from urllib.parse import urlsplit

from base import addresses

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


# What the law wants people to be told of whoever runs an installation (UK GDPR, Article 13(1)(a) and (b)).
WHO_RUNS_THIS = ("VOUCH_OPERATOR_NAME", "VOUCH_OPERATOR_ADDRESS", "VOUCH_OPERATOR_CONTACT")
LONGEST_LINE = 300
# May stand in a file, which VOUCH_…_FILE names.
SECRETS = ("VOUCH_DATABASE_URL", "VOUCH_SMTP", "VOUCH_SMTP_CLIENT_SECRET", "VOUCH_SMTP_REFRESH_TOKEN")
FOR_TESTS = "VOUCH_TEST_"


class SettingsError(Exception):
    """A setting that can't be used; the message names the variable and what it should look like."""


@dataclass(frozen=True, slots=True)
class Settings:
    data: Path  # VOUCH_DATA: the folder of the embedded database and its lock
    # VOUCH_DATABASE_URL, or in the file that VOUCH_DATABASE_URL_FILE names: sqlite:///file or postgresql://user:password@host/name
    database_url: str
    host: str  # VOUCH_HOST: the address to listen on
    port: int  # VOUCH_PORT
    origin: str  # VOUCH_ORIGIN: the address people type, scheme and host, without a path
    demo: bool  # VOUCH_DEMO: the fictional town; loopback only
    log_format: str  # VOUCH_LOG: json or console
    trusted_proxies: tuple[str, ...]  # VOUCH_TRUSTED_PROXIES: whose X-Forwarded-For to believe
    pool_size: int  # VOUCH_POOL_SIZE: PostgreSQL connections, or SQLite readers, of this process
    keys: Path  # VOUCH_KEYS: the folder of the key that signs seals, and of the signer's memory
    witness_for: (
        Path | None
    )  # VOUCH_WITNESS_FOR: a file of the logs whose heads this installation cosigns; None: it is no witness
    witnesses: Path | None  # VOUCH_WITNESSES: a policy file of the witnesses that our seals are shown to; None: none
    tsa: str  # VOUCH_TSA: the address of a service that puts time stamps (RFC 3161) on our seals; "": none is asked
    tsa_roots: Path | None  # VOUCH_TSA_ROOTS: a PEM file of the certificates that its time stamps are checked with
    seal_every: int  # VOUCH_SEAL_EVERY: minutes between seals while serving; 0: never by itself
    # VOUCH_SMTP, or in the file that VOUCH_SMTP_FILE names: smtp+starttls://user:password@host:587; "" keeps mail in a folder
    smtp: str = field(repr=False)
    mail_from: str  # VOUCH_MAIL_FROM: the sender's address
    # Instead of a password in VOUCH_SMTP: where to ask for a token (OAuth 2.0), as whom, and what for. "" where there is none.
    smtp_token_url: str  # VOUCH_SMTP_TOKEN_URL
    smtp_client_id: str  # VOUCH_SMTP_CLIENT_ID
    smtp_client_secret: str = field(
        repr=False
    )  # VOUCH_SMTP_CLIENT_SECRET, or in the file that VOUCH_SMTP_CLIENT_SECRET_FILE names
    smtp_refresh_token: str = field(
        repr=False
    )  # VOUCH_SMTP_REFRESH_TOKEN, or in the file that VOUCH_SMTP_REFRESH_TOKEN_FILE names
    smtp_scope: str  # VOUCH_SMTP_SCOPE
    pg_bin: str  # VOUCH_PG_BIN: the folder of pg_dump and pg_restore; "" finds them on the PATH
    established_days: int  # VOUCH_ESTABLISHED_DAYS: how long somebody belongs to a school before they count as one of two
    hsts_subdomains: bool  # VOUCH_HSTS_SUBDOMAINS: browsers ask every name below the origin's by HTTPS only, too
    # Who runs this installation, by law: the privacy page says it. "" where nobody said so.
    operator_name: str  # VOUCH_OPERATOR_NAME: the legal person's name
    operator_address: str  # VOUCH_OPERATOR_ADDRESS: where letters reach it
    operator_contact: str  # VOUCH_OPERATOR_CONTACT: whom to ask about personal data, an e-mail address or a telephone number
    security_contact: str  # VOUCH_SECURITY_CONTACT: whom to tell of a weakness, an e-mail address or an https address

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def sqlite_path(self) -> Path:
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def is_https(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def unsaid_of_operator(self) -> tuple[str, ...]:
        """The variables of what the law wants to be told of whoever runs this, and is not; none for the demo town."""
        said = {name: getattr(self, name.removeprefix("VOUCH_").lower()) for name in WHO_RUNS_THIS}
        return () if self.demo else tuple(name for name, value in said.items() if not value)


def read(env: Mapping[str, str]) -> Settings:
    """Raises SettingsError for the first value that can't be used."""
    data = Path(env.get("VOUCH_DATA", "data"))
    host = env.get("VOUCH_HOST", "127.0.0.1")
    port = _whole_number(env, "VOUCH_PORT", default=8000, most=65535)
    shown_host = f"[{host}]" if ":" in host else host
    demo = _is_on(env, "VOUCH_DEMO")
    settings = Settings(
        data=data,
        database_url=_database(_secret(env, "VOUCH_DATABASE_URL")) or f"sqlite:///{data / 'vouch.sqlite'}",
        host=host,
        port=port,
        origin=_origin(env.get("VOUCH_ORIGIN") or f"http://{shown_host}:{port}"),
        demo=demo,
        log_format=env.get("VOUCH_LOG", "json"),
        trusted_proxies=_networks(env.get("VOUCH_TRUSTED_PROXIES", "")),
        pool_size=_whole_number(env, "VOUCH_POOL_SIZE", default=4, most=100),
        keys=Path(env.get("VOUCH_KEYS") or data / "keys"),
        witness_for=Path(env["VOUCH_WITNESS_FOR"]) if env.get("VOUCH_WITNESS_FOR") else None,
        witnesses=Path(env["VOUCH_WITNESSES"]) if env.get("VOUCH_WITNESSES") else None,
        tsa=_time_stamps(env.get("VOUCH_TSA", "")),
        tsa_roots=Path(env["VOUCH_TSA_ROOTS"]) if env.get("VOUCH_TSA_ROOTS") else None,
        seal_every=_whole_number(env, "VOUCH_SEAL_EVERY", default=60, least=0, most=10_080),
        smtp=_mail_server(_secret(env, "VOUCH_SMTP")),
        mail_from=env.get("VOUCH_MAIL_FROM", ""),
        smtp_token_url=_token_url(env.get("VOUCH_SMTP_TOKEN_URL", "")),
        smtp_client_id=_line(env, "VOUCH_SMTP_CLIENT_ID"),
        smtp_client_secret=_secret(env, "VOUCH_SMTP_CLIENT_SECRET"),
        smtp_refresh_token=_secret(env, "VOUCH_SMTP_REFRESH_TOKEN"),
        smtp_scope=_line(env, "VOUCH_SMTP_SCOPE"),
        pg_bin=env.get("VOUCH_PG_BIN", ""),
        established_days=_whole_number(env, "VOUCH_ESTABLISHED_DAYS", default=0 if demo else 14, least=0, most=365),
        hsts_subdomains=_is_on(env, "VOUCH_HSTS_SUBDOMAINS"),
        operator_name=_line(env, "VOUCH_OPERATOR_NAME"),
        operator_address=_line(env, "VOUCH_OPERATOR_ADDRESS"),
        operator_contact=_line(env, "VOUCH_OPERATOR_CONTACT"),
        security_contact=_security_contact(_line(env, "VOUCH_SECURITY_CONTACT")),
    )
    _refuse_what_cannot_work(settings)
    return settings


def names() -> set[str]:
    """Every variable that is read, with the _FILE of those that may stand in a file."""
    return {f"VOUCH_{one.name.upper().removesuffix('_FORMAT')}" for one in fields(Settings)} | {
        f"{name}_FILE" for name in SECRETS
    }


def unknown(env: Mapping[str, str]) -> list[str]:
    """Names that begin as ours do and set nothing, as one that is misspelt; those for Vouch's own tests left out."""
    return sorted(name for name in env.keys() - names() if name.startswith("VOUCH_") and not name.startswith(FOR_TESTS))


@cache
def current() -> Settings:
    """The settings of this process; the environment is read at the first call only."""
    return read(environ)


def _secret(env: Mapping[str, str], name: str) -> str:
    """The value; where ``NAME_FILE`` names a file, what stands in that, so that no list of processes shows a password."""
    path = env.get(f"{name}_FILE")
    if not path:
        return env.get(name, "")
    try:
        value = Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{name}_FILE names a file that can't be read: {path}.") from error
    if not value:  # never "as if it were not set": that would be another database, with nobody in it
        raise SettingsError(f"{name}_FILE names a file that is empty: {path}.")
    return value


def _is_on(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "")
    if value not in ("", "0", "1"):
        raise SettingsError(f"{name} must be 1, or 0 for off, not {value!r}.")
    return value == "1"


def _line(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if len(value) > LONGEST_LINE or not value.isprintable():
        raise SettingsError(f"{name} must be one line of at most {LONGEST_LINE} characters.")
    return value


def _security_contact(value: str) -> str:
    if value and not value.startswith("https://") and "@" not in value:
        raise SettingsError("VOUCH_SECURITY_CONTACT must be an e-mail address or an address that begins with https://.")
    return value


def _whole_number(env: Mapping[str, str], name: str, *, default: int, least: int = 1, most: int) -> int:
    raw = env.get(name) or str(default)
    if not (raw.isascii() and raw.isdigit()) or not least <= int(raw) <= most:
        raise SettingsError(f"{name} must be a whole number from {least} to {most}, not {raw!r}.")
    return int(raw)


def _mail_server(raw: str) -> str:
    """Never repeats the value: it may hold a password."""
    if not raw:
        return ""
    if not addresses.is_mail_server(raw):
        raise SettingsError(
            "VOUCH_SMTP must look like smtp+starttls://user:password@host:587, smtps://… or smtp://…. "
            "In a password write @ as %40, / as %2F, ? as %3F and # as %23."
        )
    parts = urlsplit(raw)
    if parts.scheme == "smtp" and parts.password and parts.hostname not in LOOPBACK:
        raise SettingsError("VOUCH_SMTP would send its password unencrypted: begin it with smtp+starttls:// or smtps://.")
    return raw


def _database(raw: str) -> str:
    """Never repeats the value: it may hold a password."""
    if raw.startswith(("postgresql://", "postgres://")) and addresses.breaks_off(raw):
        raise SettingsError(
            "VOUCH_DATABASE_URL must look like postgresql://user:password@host/name. "
            "In a password write @ as %40, / as %2F, ? as %3F, # as %23 and [ as %5B."
        )
    return raw


def _token_url(raw: str) -> str:
    parts = urlsplit(raw)
    if raw and (not parts.hostname or (parts.scheme != "https" and parts.hostname not in LOOPBACK)):
        raise SettingsError("VOUCH_SMTP_TOKEN_URL must be an address that begins with https://: a secret is sent there.")
    return raw


def _time_stamps(raw: str) -> str:
    """Without encryption too, as many such services have it: what is sent is a hash, and what comes back is signed."""
    parts = urlsplit(raw)
    if raw and (not parts.hostname or parts.scheme not in ("https", "http") or parts.username or parts.fragment):
        raise SettingsError("VOUCH_TSA must be an address that begins with https:// or http://, without a password.")
    return raw


def _origin(raw: str) -> str:
    if not addresses.is_origin(raw):
        raise SettingsError(f"VOUCH_ORIGIN must look like https://vouch.example.org, not {raw!r}.")
    parts = urlsplit(raw)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _networks(raw: str) -> tuple[str, ...]:
    networks = tuple(part.strip() for part in raw.split(",") if part.strip())
    for network in networks:
        try:
            ip_network(network, strict=False)
        except ValueError as error:
            raise SettingsError(
                f"VOUCH_TRUSTED_PROXIES must be addresses or networks such as 10.0.0.0/24, not {network!r}."
            ) from error
    return networks


def _refuse_what_cannot_work(settings: Settings) -> None:
    if not settings.database_url.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise SettingsError("VOUCH_DATABASE_URL must start with sqlite:/// or postgresql://.")
    if settings.log_format not in ("json", "console"):
        raise SettingsError(f"VOUCH_LOG must be json or console, not {settings.log_format!r}.")
    if settings.smtp and ("@" not in settings.mail_from or not settings.mail_from.isprintable()):
        raise SettingsError("VOUCH_MAIL_FROM must be the address that mail comes from, such as vouch@vouch.example.org.")
    if settings.smtp and settings.smtp_token_url:
        _refuse_half_a_token(settings)
    if settings.tsa and not settings.tsa_roots:
        raise SettingsError(
            "With VOUCH_TSA, set VOUCH_TSA_ROOTS: a file of the certificates that its time stamps are checked with."
        )
    if settings.demo and settings.host not in LOOPBACK:
        raise SettingsError(
            "The demo town is for trying Vouch on this computer only, so VOUCH_HOST must be 127.0.0.1. "
            "For a real installation use ./run serve."
        )


def _refuse_half_a_token(settings: Settings) -> None:
    parts = urlsplit(settings.smtp)
    if not parts.username or parts.password:
        raise SettingsError(
            "With VOUCH_SMTP_TOKEN_URL, VOUCH_SMTP names the mailbox and no password: smtp+starttls://user@host:587."
        )
    if parts.scheme == "smtp" and parts.hostname not in LOOPBACK:
        raise SettingsError("VOUCH_SMTP would send its token unencrypted: begin it with smtp+starttls:// or smtps://.")
    if not settings.smtp_client_id or not (settings.smtp_client_secret or settings.smtp_refresh_token):
        raise SettingsError(
            "With VOUCH_SMTP_TOKEN_URL, set VOUCH_SMTP_CLIENT_ID, and VOUCH_SMTP_CLIENT_SECRET or VOUCH_SMTP_REFRESH_TOKEN."
        )
