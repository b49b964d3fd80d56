"""The texts in a pack for people: what it is, what each file is for, and how to check it without us."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from audit.packs.reports import TreeHead
from audit.verifier import published
from base import settings

if TYPE_CHECKING:
    from audit.packs.order import PackOrder

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

{grade}

The trail had {size:,} entries when this pack was made. They are numbered from 1.


HOW TO CHECK IT

You need no account, and the pack stays on your computer.

  In a browser   Open {origin}/verify
                 and drop this zip file on the page. Any other Vouch has the same page.
  With Python    python3 vouch_verify.py THIS_PACK.zip --key KEY
                 Python 3.9 or newer; nothing else has to be installed.

The file vouch_verify.py in this pack is only a convenience: whoever could forge a pack could forge that file too. For a
check that counts, take it from {origin}/verify
or from another Vouch, and compare its SHA-256 with the one published there.


WHOSE KEY

{key}


WHAT IS IN IT

  manifest.json     what the pack covers, and the SHA-256 of every file
  entries.jsonl     the entries themselves: the evidence
  checkpoint        the seal: the trail's size and root hash, signed (if there is one)
  origins           every trail that this school has had here, signed (if it was ever listed)
  since.json        the proof that this trail continues an earlier pack or seal (if one was given)
  leaves            one hash for each entry: names an entry that was changed (in a complete pack)
  timeline.csv      the entries as a table; a check makes it again and compares
  evidence/         photos and files that entries name by their SHA-256
  report.pdf        for reading and printing: not evidence
  report.xlsx       for sorting and filtering: not evidence
  vouch_verify.py   the check as one file (a convenience)


WHAT IT CAN'T SHOW

That something happened which nobody entered, or that what was entered was true. And until a seal has left the building,
whoever holds the database could have rebuilt the trail from its first entry: compare with an earlier pack or seal,
  python3 vouch_verify.py THIS_PACK.zip --since EARLIER
"""

SIGNED: Final = """\
The seal in this pack is signed. These are the keys of the installation that made the pack:

{keys}

A key that came with a pack proves nothing by itself. Ask the school, or whoever runs {origin},
for the key in another way (by telephone, on paper, from an e-mail of an earlier year), and give that one as KEY."""

NOT_SIGNED: Final = """\
Nothing was signed: this trail was never sealed. The check shows that the pack fits together, not that it is the school's.
Ask the school for its root hash in another way; the pack must show this one:

  {root}"""


def files(order: "PackOrder", head: TreeHead, since: bytes | None, origins: bytes | None) -> dict[str, bytes]:
    """The small files of a pack by name, without those that this pack does not have."""
    found = {
        "checkpoint": head.note,
        "origins": origins,
        "since.json": since,
        "READ-ME.txt": _read_me(order, head).encode(),
        "vouch_verify.py": published.content(published.PYTHON),
    }
    return {name: content for name, content in found.items() if content is not None}


def _read_me(order: "PackOrder", head: TreeHead) -> str:
    origin = settings.current().origin
    keys = "\n".join(f"  {key}" for key in head.keys)
    key = SIGNED.format(keys=keys, origin=origin) if head.note else NOT_SIGNED.format(root=head.root.hex())
    return READ_ME.format(school=order.school.upper(), grade=GRADES[order.grade.value], size=head.size, origin=origin, key=key)
