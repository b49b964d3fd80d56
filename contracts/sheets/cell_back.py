"""A cell of our own sheet as it comes back out of somebody's spreadsheet program. Pure."""

from base.spreadsheets.cells import clean
from base.spreadsheets.writing import as_text


def says_the_same(cell: str, spelt: str) -> bool:
    """Whether a cell that came back is the one that went out, whatever the file made of its white space and apostrophes."""
    came = {spelt, clean(spelt), clean(str(as_text(spelt)))}
    return cell in came | set(map(undone, came))


def undone(cell: str) -> str:
    """Without the apostrophe by which an export kept a text from being run as a formula."""
    bare = cell.lstrip("'")
    return cell[1:] if cell.startswith("'") and bare.startswith(("=", "+", "-", "@")) else cell
