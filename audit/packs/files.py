"""What lies in an audit pack, file by file, and the zip around it: the same content gives the same bytes.

The format is docs/reference/pack-format.md. Everything here reads and writes files, so it runs in a thread.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

from audit import merkle, sheet
from audit.canonical import canonical_json
from audit.packs import report_pdf, report_xlsx, reports
from audit.packs.extent import Extent, Leaf, changes_of, row_of
from audit.verifier.archive import EVIDENCE_ENDINGS, MAX_EVIDENCE_IN_ALL, MAX_MEMBERS, MAX_SIZES
from audit.verifier.manifest import PACK_FORMAT
from base.refusals import Conflict, TooLarge
from web.http.downloads import digest_of

LEAVES: Final = "leaves"
ORDER: Final = (
    "entries.jsonl", "checkpoint", "timestamp", "origins", "rotations", "since.json", LEAVES, "timeline.csv", "report.pdf",
    "report.xlsx", "READ-ME.txt", "vouch_verify.py",
)  # fmt: skip
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # the earliest date of a zip: when a pack was made is not part of it
UNIX: Final = 3
OWNER_AND_OTHERS_READ: Final = 0o644 << 16
COMPRESSION: Final = 6
BLOCK: Final = 256 * 1024  # bytes read at a time
TOO_MUCH: Final = "That is more than fits in one pack. Choose fewer suppliers or a shorter period, and take several packs."

NOT_THE_FILE: Final = (
    "A photo or file is not the one that was recorded (SHA-256 {digest}), so no pack can be made with it. "
    "Ask whoever runs this installation to run: vouch trail fsck"
)


class PackFiles:
    """The files of one pack, growing page by page in a folder of their own."""

    def __init__(self, folder: Path, extent: Extent, readable: reports.Readable) -> None:
        self.folder = folder
        self.attached: dict[str, set[UUID]] = {}  # digest → ids of the attachments that entries in the pack name
        self._endings: dict[str, str] = {}  # by digest
        self.frontier, self.entries, self.made_at = merkle.Frontier(), 0, 0
        self._extent, self._readable = extent, readable
        self._lines = (folder / "entries.jsonl").open("wb")
        self._csv = (folder / "timeline.csv").open("wb")
        self._csv.write(sheet.sheet_head(tells_about=True))
        self._printed = (folder / "report.pdf").open("wb") if report_pdf.is_there() else None
        self._reports: tuple[reports.ReportFile, ...] = (
            report_xlsx.XlsxReport(folder / "report.xlsx"),
            *([report_pdf.PdfReport(self._printed)] if self._printed else []),
        )
        (folder / "evidence").mkdir()

    def add(self, leaves: Sequence[Leaf], proofs: Sequence[Sequence[bytes]] | None) -> None:
        """``proofs`` of each leaf for an extract; None for a complete pack, whose root is worked out on the way."""
        for at, leaf in enumerate(leaves):
            self._lines.write(_line(leaf, None if proofs is None else proofs[at]))
            if proofs is None:
                self.frontier.push(leaf.leaf_hash)
        if self._lines.tell() > MAX_SIZES["entries.jsonl"]:
            raise TooLarge(TOO_MUCH)
        if proofs is None:
            with (self.folder / LEAVES).open("ab") as hashes:
                hashes.writelines(leaf.leaf_hash for leaf in leaves)
        self.entries += len(leaves)
        self.made_at = max((leaf.at for leaf in leaves if leaf.stream in self._extent.streams), default=self.made_at)
        with_rows = [(leaf, row_of(self._extent, leaf)) for leaf in leaves if leaf.has_row]
        self._csv.writelines(sheet.csv_line(row, tells_about=True) for _, row in with_rows)
        rows = [self._readable.row(row, changes_of(self._extent, leaf), leaf.stream) for leaf, row in with_rows]
        for report in self._reports:
            report.add(rows)
        for leaf, row in with_rows:
            if row.evidence:
                self._attach(leaf)

    def add_evidence(self, digest: str, content: bytes) -> None:
        """Raises Conflict for a file that is not the one that was recorded: a pack with it would not hold."""
        if sha256(content).hexdigest() != digest:
            raise Conflict(NOT_THE_FILE.format(digest=digest))
        (self.folder / "evidence" / f"{digest}{self._endings[digest]}").write_bytes(content)

    def finish(self, frame: reports.Frame, texts: Mapping[str, bytes]) -> None:
        """Ends the files and adds ``texts``, whole files by name."""
        for report in self._reports:
            report.finish(frame)
        self.close()
        for name, content in texts.items():
            (self.folder / name).write_bytes(content)

    def _attach(self, leaf: Leaf) -> None:
        for attachment, digest, ending in _attached(leaf):
            self.attached.setdefault(digest, set()).add(attachment)
            self._endings[digest] = ending

    def close(self) -> None:
        for file in (*self._reports, self._lines, self._csv, self._printed):
            if file:
                file.close()


def zipped(folder: Path, claims: Mapping[str, Any], to: BinaryIO) -> str:
    """Writes the zip to the empty file ``to``: the manifest first, of ``claims`` and every digest. Returns its SHA-256 in hex."""
    names = [name for name in ORDER if (folder / name).exists()]
    names += sorted(f"evidence/{path.name}" for path in (folder / "evidence").iterdir())
    sizes = {name: (folder / name).stat().st_size for name in names}
    files = {name: {"size": size, "sha256": _digest(folder / name)} for name, size in sizes.items()}
    manifest = canonical_json({**claims, "format": PACK_FORMAT, "files": files})
    evidence = sum(size for name, size in sizes.items() if name.startswith("evidence/"))
    if len(manifest) > MAX_SIZES["manifest.json"] or len(names) >= MAX_MEMBERS or evidence > MAX_EVIDENCE_IN_ALL:
        raise TooLarge(TOO_MUCH)
    with zipfile.ZipFile(to, "w", compresslevel=COMPRESSION) as made:
        made.writestr(_described("manifest.json"), manifest)
        for name in names:
            with (folder / name).open("rb") as source, made.open(_described(name), "w") as target:
                while block := source.read(BLOCK):
                    target.write(block)
    return digest_of(to)


def _line(leaf: Leaf, proof: Sequence[bytes] | None) -> bytes:
    line: dict[str, Any] = {"header": leaf.header.decode()}
    if leaf.openings:
        line["openings"] = {field: {"salt": salt.hex(), "value": value} for field, (salt, value) in leaf.openings.items()}
    if proof is not None:
        line["proof"] = [node.hex() for node in proof]
    return canonical_json(line) + b"\n"


def _attached(leaf: Leaf) -> Iterator[tuple[UUID, str, str]]:
    """Id, digest and ending of each file that the entry brought."""
    for one in json.loads(leaf.openings["facts"][1])["attachments"]:
        yield UUID(one["id"]), one["sha256"], EVIDENCE_ENDINGS.get(one.get("media_type", ""), "")


def _described(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, LONG_AGO)
    made.compress_type = zipfile.ZIP_STORED if name == LEAVES else zipfile.ZIP_DEFLATED  # hashes don't get smaller
    made.create_system, made.external_attr = UNIX, OWNER_AND_OTHERS_READ
    return made


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return digest_of(file)
