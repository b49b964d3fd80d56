"""Whether bytes are a message that Outlook saved (.msg): a compound file (MS-CFB) with the streams of one (MS-OXMSG). Pure."""

from typing import Final

OUTLOOK: Final = "application/vnd.ms-outlook"

_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # MS-CFB 2.2
_DIRECTORY_ENTRY: Final = 128  # bytes, and each begins at a multiple of that: sectors have 512 or 4,096
_NAME_BYTES: Final = 64
_OF_A_MESSAGE: Final = ("__properties_version1.0", "__substg1.0_")  # MS-OXMSG 2.2 and 2.4
_OF_MACROS: Final = ("_VBA_PROJECT", "Macros", "VBA")  # MS-OVBA 2.2.1; also those of a document inside the message


def is_message(content: bytes) -> bool:
    """False for any other compound file, such as an old Word document, and for one with macros in it."""
    if not content.startswith(_COMPOUND):
        return False
    has_parts = all(name.encode("utf-16-le") in content for name in _OF_A_MESSAGE)
    return has_parts and not any(_has_entry(content, name) for name in _OF_MACROS)


def _has_entry(content: bytes, name: str) -> bool:
    """Whether a directory entry has this name: in UTF-16, ended by zeros, at the place of one."""
    wanted = name.encode("utf-16-le") + b"\x00\x00"
    at = content.find(wanted)
    while at >= 0:
        said = int.from_bytes(content[at + _NAME_BYTES : at + _NAME_BYTES + 2], "little")
        if at % _DIRECTORY_ENTRY == 0 and said == len(wanted):
            return True
        at = content.find(wanted, at + 2)
    return False
