"""Who and where in the security log: keyed digests, the same for the same person, key or network, and telling nothing else.

The secret that keys them is a file beside the key that signs seals, not in the database: whoever has only a backup of the
database, or only the log, can't try out addresses or people. Without the file the digests begin anew.
"""

import hmac
import ipaddress
import re
import secrets
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog

from audit.seals import keyring
from base import emails, settings

FILE: Final = "security-log.secret"
SECRET_BYTES: Final = 32
DIGITS: Final = 16  # of a digest, in hex: enough that no two are mistaken for each other, few enough to read out
V4_NETWORK: Final = 24  # bits: an office, a street; what a provider moves customers around in
V6_NETWORK: Final = 48  # bits: what one customer gets at most

_DIGEST = re.compile(r"[akn]-[0-9a-f]{16}")
_KEY = re.compile(r"vk_([a-z0-9]{8})(?![a-z0-9])")

log = structlog.get_logger("vouch.security")


def of_person(person: UUID) -> str:
    """Of an account, by the id of its person."""
    return _digest("a", str(person))


def of_email(email: str) -> str:
    """Of an account that isn't there, by what was typed as its address; nobody can see the difference to one that is."""
    return _digest("a", emails.folded(email))


def of_key(prefix: str) -> str:
    """Of an API key, by the part of it that is shown."""
    return _digest("k", prefix) if prefix else ""


def of_address(address: str) -> str:
    """Of the network that an address is in: neighbours are one. Empty where there is no address."""
    return _digest("n", _network(address)) if address else ""


def key_for(what: str) -> bytes:
    """32 bytes that only this installation knows, others for each purpose."""
    return hmac.digest(_secret(settings.current().keys), f"key for {what}".encode(), "sha256")


def is_digest(text: str) -> bool:
    return _DIGEST.fullmatch(text) is not None


def prefix_of(key: str) -> str:
    """The part of an API key that is shown, from the whole key or from what the page shows of it; "" of anything else."""
    found = _KEY.match(key)
    return found[1] if found else ""


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _digest(kind: str, value: str) -> str:
    made = hmac.digest(_secret(settings.current().keys), f"{kind}:{value}".encode(errors="replace"), "sha256")
    return f"{kind}-{made.hex()[:DIGITS]}"


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    return str(ipaddress.ip_network((parsed, V4_NETWORK if parsed.version == 4 else V6_NETWORK), strict=False))


@cache
def _secret(folder: Path) -> bytes:
    """Read once; made where there is none. A process that can neither read nor write it has one of its own until it ends."""
    path = folder / FILE
    try:
        if not path.exists():
            folder.mkdir(mode=keyring.FOLDER_RIGHTS, parents=True, exist_ok=True)
            keyring.write_once(path, secrets.token_hex(SECRET_BYTES).encode())
        return bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as error:
        log.warning("security_log_secret_unusable", path=FILE, error=type(error).__name__)
        return secrets.token_bytes(SECRET_BYTES)
