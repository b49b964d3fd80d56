"""Which keys count when a seal is checked: those that whoever checks knows from elsewhere or, without any, the pack's own.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from audit.errors import VerificationError
from audit.fingerprint import as_fingerprint, fingerprint
from audit.verifier.archive import Unreadable
from audit.verifier.manifest import PackManifest
from audit.vkeys import VerifierKey, key_name, read_vkey

# Mostly a fingerprint of which something was misheard or left out.
NEITHER: Final = (
    "it is neither a key, which has plus signs, nor a fingerprint, "
    "which has eight groups of four letters and digits without 0, 1, I and O"
)


@dataclass(frozen=True)
class KnownKeys:
    """``are_given`` is whether whoever checks named them, whole or by a fingerprint; otherwise the pack asserts its own.
    ``are_all_here`` is whether the pack has a key for each fingerprint: a forger leaves out the key whose line he can't make.
    """

    vkeys: tuple[str, ...]
    are_given: bool
    are_all_here: bool = True
    changes: Mapping[str, int] = field(default_factory=dict)  # how many rotations lead to a key from one that was given


def require_keys(keys: Iterable[str]) -> tuple[str, ...]:
    """The verifier keys, and fingerprints of such, that were given. Raises Unreadable for what is neither."""
    given = tuple(as_fingerprint(key) or key for key in keys)
    whole = [key for key in given if not as_fingerprint(key)]
    if any("+" not in key for key in whole):
        raise Unreadable(f"The key that you gave can't be used: {NEITHER}.")
    try:
        for key in whole:
            key_name(key)
    except VerificationError as error:
        raise Unreadable(f"The key that you gave can't be used: {error.what}.") from error
    return given


def known_keys(manifest: PackManifest, given: tuple[str, ...]) -> KnownKeys:
    """A fingerprint that was given makes known the key of the pack that has it."""
    own = (*manifest.keys, *manifest.cosigners)
    if not given:
        return KnownKeys(own, are_given=False)
    own_by_fingerprint = {fingerprint(key): key for key in own}
    meant = [own_by_fingerprint.get(key, "") if as_fingerprint(key) else key for key in given]
    return KnownKeys(tuple(filter(None, meant)), are_given=True, are_all_here=all(meant))


def are_missing(known: KnownKeys, signers: Sequence[VerifierKey]) -> bool:
    """Whether one that was given should have signed and did not: one of each type under a signer's name, and each fingerprint."""
    signed = {(key.name, key.type) for key in signers}
    wanted = map(read_vkey, known.vkeys)
    return not known.are_all_here or any((key.name, key.type) not in signed and key.name in dict(signed) for key in wanted)
