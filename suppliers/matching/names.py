"""Reads a supplier's name the way a ledger clerk would: what is the name, what is the legal form, what is noise.

Pure: the same text always gives the same `Name`. A name keeps three spellings: `display` to show, `exact`
to compare strictly (close to the "same as" rule for company names: & and "and" are one, Services and Group count)
and `loose` words for finding candidates (abbreviations written out, little words left out).
"""

import csv
import re
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

import msgspec
from anyascii import anyascii
from rapidfuzz.distance import OSA

from suppliers.matching.noise import WIDTHS, mended, without_noise
from suppliers.matching.public_names import as_council, as_health_body, as_university, without_nhs_form

LONGEST = 300  # Companies House allows 160; ledgers add a trading name and a note
REMEMBERED = 50_000  # names kept normalised, about 60 MB at worst; a busy import repeats itself


class AliasKind(StrEnum):
    """How the second name relates to the first. Only the first three are names of the supplier itself."""

    TRADING_AS = "trading as"
    FORMERLY = "formerly"
    IN_SHORT = "in short"
    CARE_OF = "care of"
    VIA = "via"
    REGARDING = "re"

    @property
    def is_own_name(self) -> bool:
        """False for the payee, agent or factor that a payment merely goes through."""
        return self in (AliasKind.TRADING_AS, AliasKind.FORMERLY, AliasKind.IN_SHORT)


class Alias(msgspec.Struct, frozen=True, gc=False):
    kind: AliasKind
    name: "Name"


class Name(msgspec.Struct, frozen=True, gc=False):
    display: str  # as written, white space folded
    exact: str  # lower-case words without legal form, ledger noise or an outer "the"
    loose: tuple[str, ...]  # words for keys and comparison, in order, without titles; may be empty for a name of signs only
    legal: str | None  # ltd, plc, llp, cic ... as `LEGAL_FORMS` spells it
    aliases: tuple[Alias, ...] = ()


# Written form -> the form. Only what can't be an ordinary English word: no "as", "at", "co", "sa".
LEGAL_FORMS = {
    "ltd": "ltd", "limited": "ltd", "limit": "ltd", "limite": "ltd", "limi": "ltd",
    "lt": "ltd", "cyf": "ltd", "cyfyngedig": "ltd", "plc": "plc", "ccc": "plc", "llp": "llp", "lp": "lp", "cic": "cic",
    "cbc": "cic", "cio": "cio", "inc": "inc", "incorporated": "inc", "llc": "llc", "gmbh": "gmbh", "bv": "bv", "pty": "pty",
    "ag": "ag", "aktiengesellschaft": "ag", "nv": "nv", "sarl": "sarl",
}  # fmt: skip

_GLUED_FORMS = ("limited", "ltd", "plc", "llp")
_GLUED = re.compile(rf"([a-z0-9]{{3,}}?)(?<!un)({'|'.join(_GLUED_FORMS)})+")  # "Crownpaintsltd"; not "Kids Unlimited"

_LEGAL_PHRASES = (  # with a word of each phrase, because looking for that first is faster
    ("public", re.compile(r"\bpublic limited company\b"), "plc"),
    ("interest", re.compile(r"\bcommunity interest company\b"), "cic"),
    ("liability", re.compile(r"\blimited liability partnership\b"), "llp"),
    ("nhs", re.compile(r"\bnhs\s?(?:ft|t)\b"), "nhs trust"),
    ("clinical", re.compile(r"\bclinical comm?iss?ioning (?:group|grp|gp|gr)\b"), "ccg"),
    (
        "school",  # "Moor J & I School", "Moor Junior and Infant School"
        re.compile(r"\b(?:jm?|jnr|junior|junior mixed)(?: and)? ?(?:i|inf|infants?)(?: and)?(?: ?n| nursery)?(?= school\b)"),
        "primary",
    ),
    ("incorporated", re.compile(r"\bcharitable incorporated organi[sz]ation\b"), "cio"),
)

_MARKERS = (
    (AliasKind.TRADING_AS, r"t\s?[/\\]\s?as?\b|t\.a\.|\btrad(?:ing|es) as\b|(?<=[a-z]{3} )ta(?= [a-z0-9])"),
    (AliasKind.FORMERLY, r"\b(?:formerly|previously)(?: known as| trading as)?\b|\bf/?k/?a\b"),
    (AliasKind.CARE_OF, r"\bc\s?[/\\]\s?o\b|\bcare of\b"),
    (AliasKind.VIA, r"\bvia\b"),
    (AliasKind.REGARDING, r"\bre\b:?"),
)
_MARKER = re.compile(  # by the letter that each begins with, which is faster than trying them one after the other
    "(?=[cfprtv])(?<![a-z0-9])(?:" + "|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _MARKERS) + ")"
)

# Before a person's name, alone or together ("Mr & Mrs"). What may be a word of its own, such as MS, only before an initial.
TITLES = frozenset({
    "mr", "mrs", "ms", "miss", "mx", "dr", "sir", "rev", "revd", "reverend", "prof", "professor", "cllr", "councillor", "messrs",
})  # fmt: skip
_OF_TITLES = re.compile(
    r"^(?:the )?(?:(?:mrs?|miss|dr|sir|revd?|reverend|prof|professor|cllr|councillor|messrs|m[sx](?=[\s.]+[a-z]\b))\b[\s.]*"
    r"(?:(?:&|and|\+|/)\s*)?)+(?=[a-z0-9])(?!(?:limited|ltd|llp|plc)\b)|(?<=[a-z0-9,&+/]) mrs?\b[\s.]*(?=[a-z])"
)

_CONTROL = frozenset({"va", "vap", "vc"})  # who controls a church school
_CUT_FORM = re.compile(r"(?<=\w\w\w) (?:l|li|lim|ll|pl)$")  # what a full column left of Limited, LLP or PLC
_POSSESSIVE = re.compile(r"(?<=\w)['`]\s?s\b")
_AND = re.compile(r"\s*[&+]\s*|\s+'?n'?\s+")
_DOTTED = re.compile(r"\b([a-z])\.(?=[a-z]{1,2}\b)")  # E.ON, A.B.C.
_WORD = re.compile(r"[a-z0-9]+")
_BETWEEN = frozenset({"at", "by", "in", "the", "to", "with"})  # often left out of initials
SHORTEST_INITIALS = 3  # "Smith Jones SJ" may be anybody
COMPASS_LETTERS = {
    "n": "north", "e": "east", "s": "south", "w": "west",
    "ne": "north east", "nw": "north west", "se": "south east", "sw": "south west",
}  # fmt: skip
COUNTIES = frozenset({"devon", "essex", "glamorgan", "humber", "kent", "london", "midlands", "sussex", "tyneside"})
LITTLE = frozenset({"and", "of", "the", "for"})


@lru_cache(maxsize=REMEMBERED)
def normalise(raw: str) -> Name:
    """Anything past `LONGEST` characters is not read. Never fails: a name made of signs has no words."""
    display = " ".join(raw[:LONGEST].split())
    folded = _fold(mended(display))
    if len(display) in WIDTHS:
        folded = _CUT_FORM.sub("", folded)
    parts = _split_aliases(folded)
    (_, text), *rest = parts
    aliases = tuple(Alias(kind, _name(text.strip(" -/(),:"), text)) for kind, text in rest if kind is not None)
    name = _name(display, text, aliases)
    short = _in_short(name)
    return msgspec.structs.replace(name, aliases=(*aliases, *short)) if short else name


def _name(display: str, folded: str, aliases: tuple[Alias, ...] = ()) -> Name:
    text = without_noise(folded)
    exact, legal = _read(text)
    untitled = _OF_TITLES.sub(" ", text)
    loose = exact if untitled == text else _read(untitled)[0]
    return Name(display, " ".join(exact), _loose(loose), legal, aliases)


def _in_short(name: Name) -> tuple[Alias, ...]:
    """Other ways to say the same: one for every kind of council, "Moor University", "Moor Advice Trust" without its "MAT"."""
    written = name.exact.split()
    short = (
        as_council(name.loose, written),
        as_health_body(name.loose, name.legal),
        as_university(name.loose, written),
        _without_initials(name.loose, written),
    )
    return tuple(Alias(AliasKind.IN_SHORT, msgspec.structs.replace(name, loose=words, aliases=())) for words in short if words)


def _without_initials(words: tuple[str, ...], written: list[str]) -> tuple[str, ...]:
    """The name without its own initials, where it begins or ends with them; otherwise ()."""
    for initials, rest, spelt in ((words[-1:], words[:-1], written[:-1]), (words[:1], words[1:], written[1:])):
        if SHORTEST_INITIALS <= len("".join(initials)) <= len(spelt):
            ways = ("".join([word[0] for word in one if word not in _BETWEEN]) for one in (rest, spelt))
            if "".join(initials) in ways:
                return rest
    return ()


def _read(text: str) -> tuple[list[str], str | None]:
    words, legal = _without_legal_form(_unglued(_words(text)))
    return _join_initials(_without_outer_the(words)), legal  # again: "B Ltd B" is left with letters in a row


def _fold(text: str) -> str:
    """Lower-case ASCII; transliteration may lengthen a text, so it is cut again."""
    return " ".join(anyascii(text).casefold().split())[:LONGEST]


def _split_aliases(folded: str) -> list[tuple[AliasKind | None, str]]:
    """The name, then each alias with its kind. A marker with nothing before it just falls away."""
    parts: list[tuple[AliasKind | None, str]] = []
    kind, start = None, 0
    for found in _MARKER.finditer(folded):
        before = folded[start : found.start()]
        if not _WORD.search(before):
            if not parts and found.lastgroup != AliasKind.CARE_OF.name:
                continue  # "Re Today Services", "Via East Midlands": the word is the name
            start = found.end()
            continue
        parts.append((kind, before))
        kind, start = AliasKind[found.lastgroup or ""], found.end()
    rest = folded[start:]
    if _WORD.search(rest) or not parts:
        parts.append((kind, rest))
    return parts


def _words(text: str) -> list[str]:
    if "'" in text or "`" in text:
        text = _POSSESSIVE.sub("s", text)
    text = _AND.sub(" and ", text).replace("'", "").replace("@", " at ")
    for word, phrase, form in _LEGAL_PHRASES:
        if word in text:
            text = phrase.sub(form, text)
    return _join_initials(_WORD.findall(_DOTTED.sub(r"\1", text) if "." in text else text))


def _join_initials(words: list[str]) -> list[str]:
    """Single letters in a row are one word: r m education -> rm education."""
    joined: list[str] = []
    was_letter = False
    for word in words:
        is_letter = len(word) == 1 and word.isalpha()
        if is_letter and was_letter:
            joined[-1] += word
        else:
            joined.append(word)
        was_letter = is_letter
    return joined


def _unglued(words: list[str]) -> list[str]:
    if not any(word.endswith(_GLUED_FORMS) for word in words):
        return words
    unglued: list[str] = []
    for word in words:
        found = _GLUED.fullmatch(word)
        unglued += found.groups() if found else (word,)
    return unglued


def _without_legal_form(words: list[str]) -> tuple[list[str], str | None]:
    """A legal form counts anywhere but in front ("Ltd Edition Prints" is a name), unless a column went round."""
    went_round = len(words) > 2 and words[0] in ("ltd", "limited") and not words[1].startswith("edition")
    kept, legal = ([], "ltd") if went_round else (words[:1], None)  # "LIMITED ANTHONY NOLAN TRUST"
    for place, word in enumerate(words[1:], start=1):
        form = LEGAL_FORMS.get(word) or _misspelt_form(word)
        if form and (len(word) > 2 or place == len(words) - 1):
            legal = form
        else:
            kept.append(word)
    return without_nhs_form(kept, legal)


def _misspelt_form(word: str) -> str | None:
    """Of "limitied" and "linited" what was meant."""
    return "ltd" if word.startswith("l") and OSA.distance(word, "limited", score_cutoff=1) == 1 else None


def _without_outer_the(words: list[str]) -> list[str]:
    while len(words) > 1 and words[0] == "the":
        words = words[1:]
    while len(words) > 1 and words[-1] in ("the", "and"):
        words = words[:-1]
    return words


def _loose(words: list[str]) -> tuple[str, ...]:
    full = [part for word in words if word not in LITTLE for part in abbreviations().get(word, word).split()]
    return tuple(_school(_preschool(_compass(_join_initials(full)))) or words)


def _compass(words: list[str]) -> list[str]:
    """W Yorkshire is West Yorkshire; W Bradford may be a person."""
    if COMPASS_LETTERS.keys().isdisjoint(words):
        return words
    after = (*words[1:], "")
    read = (COMPASS_LETTERS.get(word, word) if _is_county(county) else word for word, county in zip(words, after, strict=False))
    return [part for word in read for part in word.split()]


def _is_county(word: str) -> bool:
    return word.endswith("shire") or word in COUNTIES


def _preschool(words: list[str]) -> list[str]:
    """A pre-school is a nursery, not a school."""
    for place in range(len(words) - 1):
        if words[place : place + 2] == ["pre", "school"]:
            return [*words[:place], "preschool", *words[place + 2 :]]
    return words


def _school(words: list[str]) -> list[str]:
    """Moor CE VC Primary School is Moor CE Primary School."""
    return [word for word in words if word not in _CONTROL] if "school" in words else words


@cache
def abbreviations() -> dict[str, str]:
    """Short form -> the words in full, from `data/abbreviations.csv`."""
    with (files("suppliers.matching") / "data" / "abbreviations.csv").open(encoding="utf-8") as table:
        return {row["short"]: row["full"] for row in csv.DictReader(table)}
