"""``vouch trail checkpoint · recover · rotate-key · keys``: seals, and the key that signs them. ``vouch jobs run-due``."""

import sys
from collections.abc import Sequence
from dataclasses import asdict

import click

from audit.fingerprint import fingerprint
from audit.seals import key_chain, keys, recovery, rotation, sealing
from audit.seals.keyring import SigningKey
from audit.seals.keys import PublicKey
from audit.seals.recovery import Recovered
from audit.seals.sealing import SealingResult
from base.refusals import Conflict, Invalid
from web import terminal


@click.command()
@click.option("--trail", help="Only this trail: a school's id, or operator.")
@terminal.json_option
def checkpoint(*, trail: str | None, as_json: bool) -> None:
    """Seal every trail that has grown; exit status 1 when the signer refuses one."""
    done = terminal.run(lambda: _seal(trail))
    facts = {"sealed": len(done.sealed), "unchanged": len(done.unchanged), "refused": dict(done.refused)}
    lines = [f"Trail {name}: {sentence}" for name, sentence in done.refused.items()]
    lines.append(f"Sealed: {len(done.sealed):,}. Not grown since their last seal: {len(done.unchanged):,}.")
    terminal.answer(facts, "\n".join(lines), as_json=as_json)
    sys.exit(1 if done.refused else 0)


@click.command()
@click.option("--memory-lost", is_flag=True, help="The signer's memory is lost too: trust the seals in the database.")
@terminal.json_option
def recover(*, memory_lost: bool, as_json: bool) -> None:
    """After a backup was restored: go on under a new origin where sealed entries are lost. Changes nothing otherwise."""
    found = terminal.run(lambda: _recover(memory_lost=memory_lost))
    lines = [_recovered(one) for one in found] or ["Every trail continues what was sealed of it: there was nothing to do."]
    terminal.answer({"recovered": [asdict(one) for one in found]}, "\n".join(lines), as_json=as_json)


@click.command("rotate-key")
@click.option("--lost", is_flag=True, help="Nobody has the old key any more: begin with a new one all the same.")
@terminal.json_option
def rotate_key(*, lost: bool, as_json: bool) -> None:
    """Replace the key that signs seals, and say so in every trail. Finishes an earlier attempt that was stopped."""
    key, trails = terminal.run(lambda: _rotate(is_lost=lost))
    until, beside = keys.overlap_ends(key), key.cosigner.vkey if key.cosigner else ""
    both = f" Seals carry the old key's signature too until {until:%Y-%m-%d}." if until else ""
    sentence = (
        f"The new key is {key.vkey}\n  Fingerprint: {fingerprint(key.vkey)}\nand beside it signs {_short(beside)}, by ML-DSA-44\n"
        f"  Fingerprint: {fingerprint(beside)}\nTrails that say so now: {trails:,}.{both} Give both fingerprints to "
        f"whoever checks seals, and copy the folder {key.path.parent} to its backup. vouch trail keys --vkeys has the keys whole."
    )
    facts = {"vkey": key.vkey, "cosigner": beside, "replaces": key.replaces, "until": until, "trails": trails}
    terminal.answer(facts, sentence, as_json=as_json)


@click.command("keys")
@click.option("--vkeys", "is_whole", is_flag=True, help="Print every key whole: one by ML-DSA-44 has 1,800 characters.")
@terminal.json_option
def list_keys(*, is_whole: bool, as_json: bool) -> None:
    """Print the public keys that seals are checked with, newest first, each with its fingerprint. JSON has them whole."""
    found = terminal.run(keys.public)
    lines = [_public(key, is_whole=is_whole) for key in found] or ["There is no key yet: the first seal makes one."]
    terminal.answer(
        {
            "keys": [
                {**asdict(key), "fingerprint": key.fingerprint, "cosigner_fingerprint": key.cosigner_fingerprint} for key in found
            ]
        },
        "\n".join(lines),
        as_json=as_json,
    )


async def _seal(only: str | None) -> SealingResult:
    own, trails = await _signing_keys(), await _chosen(only)
    sealed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused = {} if only else dict.fromkeys(await sealing.vanished(), sealing.VANISHED)
    with terminal.progress("Sealing trails", len(trails)) as advance:
        async for batch in sealing.seal_in_batches(trails, own):
            sealed, unchanged, refused = sealed + batch.sealed, unchanged + batch.unchanged, refused | dict(batch.refused)
            advance(len(batch.sealed) + len(batch.unchanged) + len(batch.refused))
    return SealingResult(sealed, unchanged, refused)


async def _recover(*, memory_lost: bool) -> list[Recovered]:
    own, trails = await _signing_keys(), await sealing.all_trails()
    found: list[Recovered] = []
    starts = range(0, len(trails), sealing.BATCH)
    for start in terminal.with_progress(starts, doing="Comparing with what was sealed"):
        found += await recovery.recover_some(trails[start : start + sealing.BATCH], own, memory_lost=memory_lost)
    return [*found, *await recovery.recover_vanished()]


async def _rotate(*, is_lost: bool) -> tuple[SigningKey, int]:
    if await rotation.trails_to_tell():
        key, trails = (await _signing_keys())[0], 0
    else:
        key, trails = await keys.replace(is_lost=is_lost), 1
        await key_chain.write_missing()
    with terminal.progress("Telling every trail", len(await rotation.trails_to_tell())) as advance:
        async for batch in rotation.tell():
            trails += batch
            advance(batch)
    return key, trails


async def _signing_keys() -> tuple[SigningKey, ...]:
    """The keys that this process signs with. Raises Conflict where it holds none."""
    own = await keys.signing()
    if not own:
        raise Conflict(keys.ELSEWHERE)
    return own


async def _chosen(only: str | None) -> Sequence[str]:
    trails = await sealing.all_trails()
    if only is None:
        return trails
    if only not in trails:
        raise Invalid(f"There is no trail {only}. vouch trail fsck --json counts those that there are.")
    return (only,)


def _recovered(one: Recovered) -> str:
    return (
        f"Trail {one.trail}: {one.signed_size:,} entries had been sealed, and {one.restored_size:,} are here. "
        f"It goes on as {one.origin}, and its next entry says so."
    )


def _short(vkey: str) -> str:
    """Its name and its id."""
    return "+".join(vkey.split("+", 2)[:2])


def _public(key: PublicKey, *, is_whole: bool) -> str:
    """Its line with its fingerprint, and below it that of the key by ML-DSA-44 that signs beside it."""
    replaced = "" if key.until is None else f"  (replaced; on seals until {key.until:%Y-%m-%d})"
    lines = [f"{key.vkey}{replaced}", f"  Fingerprint: {key.fingerprint}"]
    if key.cosigner:
        lines.append(key.cosigner if is_whole else f"{_short(key.cosigner)}, by ML-DSA-44, beside it")
        lines.append(f"  Fingerprint: {key.cosigner_fingerprint}")
    return "\n".join(lines)
