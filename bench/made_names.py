"""Names of suppliers that nobody has: made of syllables, and half of them with the trade. Pure."""

from typing import Final

from suppliers.record import taxonomy

_FIRST: Final = (
    *("Ash", "Brack", "Cald", "Dun", "Elm", "Fen", "Garth", "Hex", "Ivel", "Kest", "Lark", "Mow"),
    *("Nor", "Oak", "Pell", "Quarn", "Rush", "Sker", "Thorn", "Ulver", "Wyke", "Yar", "Zeal"),
)
_LAST: Final = (
    *("by", "combe", "dale", "den", "field", "ford", "ham", "holme", "ington", "ley", "more"),
    *("stead", "thorpe", "ton", "well", "wick", "worth"),
)


def name(n: int, category: str) -> str:
    """The name of the nth supplier, which supplies the category (a slug)."""
    brand = _word(n)
    match n % 4:
        case 0 | 1:
            return f"{brand} {taxonomy.by_slug()[category].name.split(' and ')[0].split(',')[0]} Ltd"
        case 2:
            return f"{brand} & {_word(n // len(_FIRST) + 7)}"
        case _:
            return f"{brand} {_word(n // len(_FIRST) + 11)} Group Ltd"


def _word(n: int) -> str:
    return _FIRST[n % len(_FIRST)] + _LAST[n // len(_FIRST) % len(_LAST)]
