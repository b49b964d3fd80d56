"""Reads the identifiers that settle who a supplier is, and says in a sentence why one can't be right.

Each `parse_*` takes what somebody typed and returns the one canonical spelling, or raises `NotAnIdentifier`.
Pure; no register is asked, so a valid number is one that could exist.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

LONGEST = 500  # a web address pasted whole; anything longer is no identifier


class NotAnIdentifier(ValueError):
    """`sentence` tells a person what a right one looks like."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Scheme(StrEnum):
    COMPANY_NUMBER = "company_number"
    CHARITY_NUMBER = "charity_number"
    VAT_NUMBER = "vat_number"
    DOMAIN = "domain"
    PHONE = "phone"
    POSTCODE = "postcode"


SCHEMES = tuple(Scheme)  # faster to go through than the enum


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Canonical values only, at most one of each; `parse` makes them so."""

    company_number: str | None = None
    charity_number: str | None = None
    vat_number: str | None = None
    domain: str | None = None
    phone: str | None = None
    postcode: str | None = None

    def items(self) -> tuple[tuple[Scheme, str], ...]:
        """The known identifiers, in the order of `Scheme`."""
        return tuple([(scheme, value) for scheme in SCHEMES if (value := getattr(self, scheme))])


NO_IDENTIFIERS = Identifiers()


def parse(scheme: Scheme, raw: str) -> str:
    """The canonical spelling of `raw` in that scheme. Raises NotAnIdentifier."""
    if len(raw) > LONGEST:
        raise NotAnIdentifier(f"That is too long to be a {scheme.value.replace('_', ' ')}.")
    return _PARSERS[scheme](_THROUGH_A_FLOAT.sub(r"\1", _AS_TEXT.sub(r"\1", raw)))


_AS_TEXT = re.compile(r"""^\s*(?:'|="(?=[^"]*"\s*$))([^"]*)"?\s*$""")  # '01234567 and ="01234567", by which a nought is kept
_THROUGH_A_FLOAT = re.compile(r"^(\s*\d{4,})\.0+(?=\s*$)", re.ASCII)  # 2345678.0: a column that a program took for numbers


# Companies House prefixes: Scotland, Northern Ireland, LLPs, partnerships, societies, charitable incorporated
# organisations, overseas, royal charter, and the rest of its published list.
COMPANY_PREFIXES = frozenset({
    "AC", "BR", "CE", "CS", "FC", "FE", "GE", "GN", "GS", "IC", "IP", "LP", "NA", "NC", "NF", "NI", "NL", "NO", "NP",
    "NR", "NV", "NZ", "OC", "OE", "PC", "R0", "RC", "RS", "SA", "SC", "SE", "SF", "SG", "SI", "SL", "SO", "SP", "SR",
    "SZ", "ZC",
})  # fmt: skip
_COMPANY = re.compile(r"(?P<prefix>[A-Z]{2}|R0)?(?P<digits>\d{1,8})(?P<suffix>R)?", re.ASCII)

_COMPANY_LABEL = re.compile(  # GB-COH-01234567, Company No: 01234567
    r"^\s*(?:GB-?COH[\s:-]*|(?:company\s*)?(?:reg(?:istration|istered|\.)?\s*)?(?:number|no)\s*[.:]\s*)", re.IGNORECASE
)
_THOUSANDS = re.compile(r"^\s*\d{1,3}(?:,\d{3})+\s*$", re.ASCII)  # 2,345,678, as a spreadsheet shows numbers
_SIGN_INSIDE = re.compile(r"\d\s*[^\sA-Za-z0-9]+\s*\d")


def parse_company_number(raw: str) -> str:
    """8 characters, noughts put back that a spreadsheet dropped: 1234567 -> 01234567, sc 12345 -> SC012345.

    A sign between two digits is no separator there, and leaving it out would name another company: 1234567-8 is refused.
    """
    plain = _COMPANY_LABEL.sub("", _THOUSANDS.sub(lambda found: found[0].replace(",", ""), raw))
    found = _COMPANY.fullmatch(_bare(plain))
    sentence = "A company number has 8 characters, such as 01234567 or SC123456."
    if not found or not int(found["digits"]) or _SIGN_INSIDE.search(plain):
        raise NotAnIdentifier(sentence)
    prefix, suffix = found["prefix"] or "", found["suffix"] or ""
    room = 8 - len(prefix) - len(suffix)
    if len(found["digits"]) > room or (suffix and not prefix):
        raise NotAnIdentifier(sentence)
    if prefix and prefix not in COMPANY_PREFIXES:
        raise NotAnIdentifier(f"No company number starts with {prefix}. Check it at Companies House.")
    return prefix + found["digits"].zfill(room) + suffix


_CHARITY = re.compile(r"(?:SC0\d{5}|(?:NIC?)?1\d{5}|[2-9]\d{5}|1\d{6})", re.ASCII)


def parse_charity_number(raw: str) -> str:
    """England and Wales 6 or 7 digits, Scotland SC0nnnnn, Northern Ireland NIC1nnnnn; a subsidiary's -1 is dropped."""
    whole = re.sub(r"(?<=\d{5})-\d{1,2}\s*$", "", _THOUSANDS.sub(lambda found: found[0].replace(",", ""), raw))
    bare = re.sub(r"^(GBCHC|GBSC|GBNIC|REGISTEREDCHARITY|CHARITY)?(NO|NUMBER)?", "", _bare(whole))
    if not _CHARITY.fullmatch(bare) or _SIGN_INSIDE.search(whole):
        raise NotAnIdentifier("A charity number has 6 or 7 digits, or looks like SC012345 or NIC100123.")
    is_northern_irish = bare.startswith("NI") or (bare.startswith("1") and len(bare) == 6)
    return f"NIC{bare[-6:]}" if is_northern_irish else bare


_VAT = re.compile(r"(?:GB|XI)?(\d{9})(?:\d{3})?", re.ASCII)
_VAT_LABEL = re.compile(r"^VAT(?:REG(?:ISTRATION|ISTERED)?)?(?:NO|NUMBER)?|^NO")
_VAT_OF_STATE = re.compile(r"GB(?:GD[0-4]\d{2}|HA[5-9]\d{2})", re.ASCII)  # departments, health authorities: no check digits


def parse_vat_number(raw: str) -> str:
    """GB and nine digits with both check rules; a branch's last three digits are dropped, XI becomes GB."""
    bare = _VAT_LABEL.sub("", _bare(raw))
    if _VAT_OF_STATE.fullmatch(bare):
        return bare
    found = _VAT.fullmatch(bare)
    if not found:
        raise NotAnIdentifier("A VAT number has 9 digits, such as GB 980 7806 84.")
    digits = found[1]
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(8, 1, -1), strict=False)) + int(digits[7:])
    # HMRC: the sum is a multiple of 97, or, for numbers given out since 2009, 55 more than one.
    if not int(digits) or (total % 97 and (total + 55) % 97):
        raise NotAnIdentifier("That VAT number fails its check digits. Compare it with an invoice.")
    return f"GB{digits}"


# Shared by many suppliers, so they tell nothing about which one this is.
SHARED_DOMAINS = frozenset({
    "aol.co.uk", "aol.com", "bark.com", "bit.ly", "blueyonder.co.uk", "bt.com", "btconnect.com", "btinternet.com",
    "btopenworld.com", "checkatrade.com", "etsy.com", "facebook.com", "fastmail.com", "fb.com", "fb.me", "freeserve.co.uk",
    "g.page", "gmail.com", "gmx.co.uk", "gmx.com", "goo.gl", "google.com", "googlemail.com", "hotmail.co.uk", "hotmail.com",
    "icloud.com", "instagram.com", "linkedin.com", "linktr.ee", "live.co.uk", "live.com", "mac.com", "mail.com", "me.com",
    "msn.com", "mybuilder.com", "ntlworld.com", "outlook.com", "pinterest.co.uk", "pinterest.com", "pm.me", "proton.me",
    "protonmail.com", "ratedpeople.com", "sky.com", "talk21.com", "talktalk.net", "thomsonlocal.com", "tiktok.com",
    "tinyurl.com", "tiscali.co.uk", "trustatrader.com", "trustpilot.com", "twitter.com", "virgin.net", "virginmedia.com",
    "wa.me", "x.com", "yahoo.co.uk", "yahoo.com", "yell.com", "ymail.com", "youtube.com", "zoho.com",
})  # fmt: skip


_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


def parse_domain(raw: str) -> str:
    """The domain of a web or mail address: lower-case ASCII host without www. Free mail and social sites are refused."""
    text = raw.strip().casefold()
    sentence = "A web address looks like www.example.co.uk."
    try:
        host = urlsplit(text if "//" in text else f"//{text.removeprefix('mailto:')}").hostname or ""
        domain = host.rstrip(".").removeprefix("www.").encode("idna").decode()
    except ValueError as error:
        raise NotAnIdentifier(sentence) from error
    if not _DOMAIN.fullmatch(domain):
        raise NotAnIdentifier(sentence)
    if any(domain == shared or domain.endswith(f".{shared}") for shared in SHARED_DOMAINS):  # m.facebook.com too
        raise NotAnIdentifier(f"Many suppliers use {domain}, so it does not tell which one this is.")
    return domain


_EXTENSION = re.compile(r"[\s,;(]*(?:ext(?:ension|n)?|x|opt(?:ion)?)[.:]?\s*\d{1,6}\s*\)?\s*$", re.IGNORECASE)
_FRACTION = re.compile(r"\d{6,}\.\d{1,3}")
_PHONE_LABEL = re.compile(
    r"^\s*(?:(?:tel(?:ephone)?|phone|mob(?:ile)?)(?: no)?(?:\s*[.:]|\s+(?=[\d+(]))"
    r"|(?:office|home|work|main|landline|t|m)\s*[.:])\s*"
    r"|(?<=\d)\s*\(?[a-z][a-z ]*\)?\s*$",
    re.IGNORECASE,
)


def parse_phone(raw: str) -> str:
    """A UK number as +44 and 9 or 10 digits; extension dropped."""
    dialled = re.sub(r"[\s()./\u2010-\u2015-]", "", _EXTENSION.sub("", _PHONE_LABEL.sub("", raw.strip())))
    national = re.sub(r"^(?:\+44|0044|44(?=\d{10}$))", "", dialled).removeprefix("0")
    if not re.fullmatch(r"[1235789]\d{8,9}", national) or not national.isascii() or _FRACTION.fullmatch(raw.strip()):
        raise NotAnIdentifier("A UK phone number has 10 or 11 digits and starts with 0, such as 0113 496 0000.")
    return f"+44{national}"


_OUTCODE = r"(?:[A-PR-UWYZ](?:\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d{1,2}|[A-HK-Y]\d[ABEHMNPRVWXY])|GIR|BFPO)"
_POSTCODE = re.compile(rf"({_OUTCODE})\s*(\d[ABD-HJLNP-UW-Z]{{2}}|(?<=BFPO)\d{{1,4}})", re.ASCII)


def parse_postcode(raw: str) -> str:
    """UK postcode in capitals with one space: ls14ap -> LS1 4AP, bfpo 57 -> BFPO 57, gir0aa -> GIR 0AA."""
    found = _POSTCODE.fullmatch(_bare(raw))
    if not found or (found[1] == "GIR" and found[2] != "0AA"):
        raise NotAnIdentifier("A postcode looks like LS1 4AP.")
    return f"{found[1]} {found[2]}"


def _bare(raw: str) -> str:
    """ASCII letters and digits only, in capitals; anything else than common separators stays, and so is refused."""
    return re.sub(r"[\s.,:/()#\u2010-\u2015-]", "", raw).upper()


_PARSERS: dict[Scheme, Callable[[str], str]] = {
    Scheme.COMPANY_NUMBER: parse_company_number,
    Scheme.CHARITY_NUMBER: parse_charity_number,
    Scheme.VAT_NUMBER: parse_vat_number,
    Scheme.DOMAIN: parse_domain,
    Scheme.PHONE: parse_phone,
    Scheme.POSTCODE: parse_postcode,
}
