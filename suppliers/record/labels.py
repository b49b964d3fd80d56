"""What identifiers are called on a page, and how one is shown."""

from typing import Final

from suppliers.matching.identifiers import Scheme

LABELS: Final = {
    Scheme.COMPANY_NUMBER: "Company number",
    Scheme.CHARITY_NUMBER: "Charity number",
    Scheme.VAT_NUMBER: "VAT number",
    Scheme.DOMAIN: "Web site",
    Scheme.PHONE: "Phone",
    Scheme.POSTCODE: "Postcode",
}


def shown_identifier(scheme: Scheme, value: str) -> str:
    return value.replace("+44", "0", 1) if scheme is Scheme.PHONE else value
