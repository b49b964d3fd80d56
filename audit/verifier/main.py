"""``python3 vouch_verify.py PACK``: the check of an audit pack from a command line.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from audit.verifier.verdict import to_json
from audit.verifier.verify import verify_pack
from audit.verifier.words import in_words

ABOUT = """Checks an audit pack of Vouch, with no network and no account. Exit status 0: it holds. 1: it does not, and the
first bad entry is named. 2: it can't be read."""
ADVICE = """The keys in a pack were put there by whoever made it. Get a school's key another way, and give it with --key.
For letters with seals: vouch_verify.py letters --help"""
NO_VERDICT: Final = 2  # as for what can't be read
INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=ABOUT, epilog=ADVICE)
    parser.add_argument("pack", metavar="PACK", help="the zip file, as it was made")
    parser.add_argument(
        "--key", action="append", default=[], metavar="VKEY", help="a key, or its fingerprint, from elsewhere; may be repeated"
    )
    parser.add_argument("--since", metavar="OLD", help="an earlier pack, or a seal: this one must continue it")
    parser.add_argument("--policy", metavar="FILE", help="a policy: which witnesses must have seen the seal")
    parser.add_argument("--json", action="store_true", help="answer in one line of JSON")
    asked = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console may not know every letter of a name
    verdict = verify_pack(asked.pack, keys=asked.key, since=asked.since, policy=asked.policy, on_progress=_show_progress)
    sys.stdout.write((to_json(verdict) if asked.json else in_words(verdict, verifiers=[_own_digest()])) + "\n")
    return verdict.exit_status


def finished(work: Callable[[], int]) -> int:
    """The exit status that ``work`` gives, once what it said is out. Where that ended in an error, such as a full disk, there is
    no verdict: Python would end with 1, which accuses the pack.
    """
    try:
        status = work()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever it was
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - or Python tries once more at its end, and says so
        if sys.stderr is not None:
            sys.stderr.write(f"There is no verdict: the check ended in an error. {type(error).__name__}: {error}\n")
        return NO_VERDICT
    return status


def _own_digest() -> str:
    """The SHA-256, in hex, of the file that this is a part of: the published one."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def _show_progress(done: int, total: int) -> None:
    """On a terminal only, over and over in one line."""
    if sys.stderr is not None and sys.stderr.isatty():
        end = "\r" if done < total else "\r" + " " * 30 + "\r"
        sys.stderr.write(f"Checking: {100 * done // max(total, 1)} %{end}")
        sys.stderr.flush()
