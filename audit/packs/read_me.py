"""The texts in a pack for people: what it is, what each file is for, and how to check it without us."""

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Final

from audit.fingerprint import fingerprint
from audit.packs.reports import TreeHead
from audit.verifier import published
from audit.vkeys import key_name
from base import settings

if TYPE_CHECKING:
    from audit.packs.order import PackOrder

WIDTH: Final = 120  # characters in a line

GRADES: Final[Mapping[str, str]] = {
    "complete": (
        "This pack is complete: it holds the outline of every entry of the school's trail, so it shows that nothing was\n"
        "changed and that nothing about the matters in it was left out. Of other matters it shows how many entries there\n"
        "are, and nothing else."
    ),
    "extract": (
        "This pack is an extract: it holds only the entries about the matters in it, and shows that nothing in them was\n"
        "changed. It can't show that nothing came after the last one. Ask for a complete pack to see that as well."
    ),
}

READ_ME: Final = """\
AUDIT PACK OF {school}

{page_one}


HOW MUCH IT HOLDS

{grade}

The trail had {size:,} entries when this pack was made. They are numbered from 1.


HOW TO CHECK IT

You need no account, and the pack stays on your computer.

  In a browser   Open {origin}/verify
                 and drop this zip file on the page. Any other Vouch has the same page.
  With Python    python3 vouch_verify.py THIS_PACK.zip --key KEY
                 Python 3.9 or newer; nothing else has to be installed.
  With an older  python3 vouch_verify.py THIS_PACK.zip --since EARLIER
  pack or seal   also says whether everything in that one is still there, unchanged.

The file vouch_verify.py in this pack is only a convenience: whoever could forge a pack could forge that file too. For a
check that counts, take it from {origin}/verify
or from another Vouch, and compare its SHA-256 with the one published there.


WHOSE KEY

{key}


WHAT IS IN IT

  manifest.json     what the pack covers, and the SHA-256 of every file
  entries.jsonl     the entries themselves: the evidence
  checkpoint        the seal: the trail's size and root hash, signed (if there is one)
  timestamp         when a time-stamping service had the seal before it, signed by it (if one was asked)
  origins           every trail that this school has had here, signed (if it was ever listed)
  rotations         how one key took the place of another, signed by both (if one did)
  since.json        the proof that this trail continues an earlier pack or seal (if one was given)
  leaves            one hash for each entry: names an entry that was changed (in a complete pack)
  timeline.csv      the entries as a table; a check makes it again and compares
  evidence/         photos and files that entries name by their SHA-256
  report.pdf        for reading and printing: not evidence
  report.xlsx       for sorting and filtering: not evidence
  vouch_verify.py   the check as one file (a convenience)
"""

SIGNED: Final = """\
The seal in this pack is signed. These are the keys of the installation that made the pack:

{keys}

A key that came with a pack proves nothing by itself. Ask the school, or whoever runs {origin},
for the key in another way (on paper, from an e-mail of an earlier year), or have them read out the fingerprint of
theirs on the telephone. Give that one as KEY: the fingerprint in quotation marks does too."""

NOT_SIGNED: Final = """\
Nothing was signed: this trail was never sealed. The check shows that the pack fits together, not that it is the school's.
Ask the school for its root hash in another way; the pack must show this one:

  {root}"""


def files(order: "PackOrder", head: TreeHead, proven: Sequence[str], beside: Mapping[str, bytes | None]) -> dict[str, bytes]:
    """The small files of a pack by name, without those that this pack does not have; ``proven`` are the sentences of page 1,
    ``beside`` are the files that others made.
    """
    found = {
        **beside,
        "checkpoint": head.note,
        "READ-ME.txt": _read_me(order, head, proven).encode(),
        "vouch_verify.py": published.content(published.PYTHON),
    }
    return {name: content for name, content in found.items() if content is not None}


def _read_me(order: "PackOrder", head: TreeHead, proven: Sequence[str]) -> str:
    origin = settings.current().origin
    told = [*head.keys, *(f"{key_name(key)}, by ML-DSA-44: the whole key is in manifest.json" for key in head.cosigners)]
    keys = "\n".join(
        f"  {line}\n  Fingerprint  {fingerprint(key)}" for line, key in zip(told, (*head.keys, *head.cosigners), strict=True)
    )
    key = SIGNED.format(keys=keys, origin=origin) if head.note else NOT_SIGNED.format(root=head.root.hex())
    said = "\n".join(fill(one, WIDTH) for one in proven)
    return READ_ME.format(
        school=order.school.upper(), page_one=said, grade=GRADES[order.grade.value], size=head.size, origin=origin, key=key
    )
