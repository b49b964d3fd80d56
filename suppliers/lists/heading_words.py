"""What a heading says by its words, where it is none of those that are listed: "Approved Contractor". Pure."""

import re
from typing import Final

from suppliers.lists.column_titles import SupplierField

# A heading that ends in one of these is about something else than a name, whoever's it is.
_ENDS: Final = frozenset({
    "number", "numbers", "num", "no", "nos", "nr", "id", "ids", "identifier", "date", "dates", "time", "code", "codes", "ref",
    "refs", "reference", "key", "urn", "uri", "guid", "uprn", "amount", "value", "total", "totals", "balance", "spend",
    "cost", "price", "net", "gross", "vat", "tax", "rate", "percent", "count", "quantity", "qty", "days", "terms", "limit",
    "discount", "type", "class", "group", "status", "flag", "currency", "method", "area", "department", "directorate",
    "section", "year", "month", "period", "line", "city", "town", "county", "country", "region",
})  # fmt: skip
_PARTIES: Final = frozenset({
    "supplier", "suppliers", "vendor", "vendors", "payee", "payees", "creditor", "creditors", "beneficiary", "beneficiaries",
    "merchant", "merchants", "recipient", "recipients", "contractor", "contractors", "subcontractor", "consultant",
    "provider", "providers", "trader", "traders", "tradesperson", "tradesman", "company", "companies", "organisation",
    "organisations", "organization", "organizations", "business", "businesses", "firm", "firms", "charity", "seller",
    "retailer", "shop", "store", "agency", "manufacturer", "distributor", "wholesaler", "caterer", "party", "counterparty",
    "entity", "partner", "landlord", "body",
})  # fmt: skip
_BESIDE: Final = frozenset({
    "name", "names", "full", "the", "of", "to", "s", "or", "and", "our", "my", "we", "use", "used", "uses", "paid", "pay",
    "main", "current", "preferred", "approved", "existing", "external", "third", "awarded", "winning", "successful",
    "service", "services", "contracted", "appointed", "nominated", "chosen", "selected", "regular", "local", "key", "all",
    "org", "title", "description", "official", "display", "registered", "legal", "trading", "contract", "known", "as", "list",
    "who",
})  # fmt: skip
_OTHER_NAMES: Final = frozenset({
    "trading", "legal", "registered", "known", "alias", "aka", "short", "former", "formerly", "previous", "invoice", "cheque",
    "search", "alternative",
})  # fmt: skip
_OTHERS: Final = frozenset({
    "linked", "parent", "bank", "funding", "funder", "buyer", "customer", "our", "school", "payer", "payment", "remittance",
})  # fmt: skip
_NUMBERS: Final = frozenset({
    "number", "no", "num", "nr", "reg", "registration", "registered", "id", "code",
})  # fmt: skip
_CONTACT: Final = (
    (SupplierField.EMAIL, re.compile(r"\be ?mail\b")),
    (SupplierField.WEBSITE, re.compile(r"\b(?:web|website|url|homepage|home page|domain)\b")),
    (SupplierField.POSTCODE, re.compile(r"\b(?:post ?code|postal code|zip)\b")),
    (SupplierField.PHONE, re.compile(r"\b(?:phone|telephone|tel|mobile|landline)\b")),
    (SupplierField.ADDRESS, re.compile(r"\baddress(?: ?line)?(?: ?\d)?$|\baddress\d$")),
    (SupplierField.CATEGORY, re.compile(r"\b(?:category|categories|commodity|speciality|specialism)\b")),
)
_OF_THE_BANK: Final = frozenset({
    "bank", "fax", "ip", "date", "time",
})  # fmt: skip
_CONTACT_WORDS: Final = frozenset({
    "email", "e", "mail", "web", "website", "url", "homepage", "home", "page", "domain", "site", "link", "post", "postcode",
    "postal", "zip", "phone", "telephone", "tel", "mobile", "landline", "address", "addresses", "line", "street", "category",
    "categories", "commodity", "speciality", "specialism", "primary", "contact", "work", "office", "orders", "order", "sales",
    "accounts", "remittance", "bacs", "po", "sa", "attention", "alternate", "secondary", "first", "second", "default",
    "billing", "delivery", "head", "trade", "house", "registration", "reg", "vat", "account", "bank", "fax", "ip", "date",
    "time",
})  # fmt: skip
_EVERY: Final = _PARTIES | _BESIDE | _ENDS | _OTHER_NAMES | _OTHERS | _NUMBERS | _CONTACT_WORDS
MOST_WORDS: Final = 7


def meaning(folded: str) -> tuple[SupplierField | None] | None:
    """The field that the words of a heading say, (None,) where its column is left out; None where they say nothing."""
    words = folded.split()
    if not only_headings(folded):
        return None
    numbered = _number(set(words), words[-1])
    if numbered:
        return (None,) if set(words) & _OTHERS else (numbered,)
    if not set(words) & _OF_THE_BANK:
        for field, pattern in _CONTACT:
            if pattern.search(folded):
                return (field,)
    if ends_otherwise(folded):
        return (None,)
    return _of_a_name(words)


def ends_otherwise(folded: str) -> bool:
    """Whether a heading ends in number, id, date or what else no name is."""
    return folded.rpartition(" ")[2] in _ENDS


def is_of_dates(folded: str) -> bool:
    return bool({"date", "dates", "created", "from", "until", "start", "end"} & set(folded.split()))


def only_headings(folded: str) -> bool:
    """Whether a text has only words that headings are made of, and no more than a heading has."""
    words = folded.split()
    return 0 < len(words) <= MOST_WORDS and all(word in _EVERY or (n and len(word) == 1) for n, word in enumerate(words))


def _number(words: set[str], last: str) -> SupplierField | None:
    if not words & _NUMBERS or last in _ENDS - _NUMBERS:
        return None
    if "vat" in words and not words & {"code", "rate", "amount"}:
        return SupplierField.VAT_NUMBER
    if "charity" in words and "company" not in words and "code" not in words:
        return SupplierField.CHARITY_NUMBER
    is_registered = {"company", "companies"} & words and words & {"reg", "registration", "registered", "number", "no", "house"}
    return SupplierField.COMPANY_NUMBER if is_registered and "code" not in words else None


def _of_a_name(words: list[str]) -> tuple[SupplierField | None] | None:
    known = set(words)
    if not known <= _PARTIES | _BESIDE | _OTHER_NAMES:
        return None
    if known & _OTHER_NAMES and known & (_PARTIES | {"name", "names", "as"}):
        return (SupplierField.OTHER_NAMES,)
    return (SupplierField.NAME,) if known & _PARTIES or "paid" in known else None
