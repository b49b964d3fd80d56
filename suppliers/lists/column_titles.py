"""What a supplier's columns are for, and how finance systems and people head them. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class SupplierField(StrEnum):
    NAME = "name"
    OTHER_NAMES = "other_names"
    CATEGORY = "category"
    COMPANY_NUMBER = "company_number"
    CHARITY_NUMBER = "charity_number"
    VAT_NUMBER = "vat_number"
    WEBSITE = "website"
    EMAIL = "email"
    PHONE = "phone"
    POSTCODE = "postcode"
    ADDRESS = "address"
    ACTIVE = "active"
    INACTIVE = "inactive"

    @property
    def words(self) -> str:
        return _LABELS[self]


_LABELS: Final[Mapping[SupplierField, str]] = {
    SupplierField.NAME: "Name of the supplier",
    SupplierField.OTHER_NAMES: "Other names",
    SupplierField.CATEGORY: "What they supply",
    SupplierField.COMPANY_NUMBER: "Company number",
    SupplierField.CHARITY_NUMBER: "Charity number",
    SupplierField.VAT_NUMBER: "VAT number",
    SupplierField.WEBSITE: "Web site",
    SupplierField.EMAIL: "E-mail (only what follows the @)",
    SupplierField.PHONE: "Phone",
    SupplierField.POSTCODE: "Postcode",
    SupplierField.ADDRESS: "Address (only its postcode)",
    SupplierField.ACTIVE: "Still used (“no” leaves a row out)",
    SupplierField.INACTIVE: "Closed or on hold (“yes” leaves a row out)",
}

# How headings are written, folded; where several columns could be the name, the one whose heading is listed first is it.
TITLES: Final[Mapping[SupplierField, tuple[str, ...]]] = {
    SupplierField.NAME: (
        "name", "supplier name", "supplier", "company name", "creditor name", "creditor", "beneficiary name", "payee",
        "payee name", "vendor name", "vendor", "name of supplier", "account name", "trader", "trader name", "contractor",
        "contractor name", "recipient org name", "charity name", "merchant name", "merchant", "paid to", "beneficiary",
        "recipient", "recipient name", "provider name", "supplier payee", "long name", "organisation", "organisation name",
        "business name", "provider", "supplier description", "company", "row labels",
    ),
    SupplierField.OTHER_NAMES: (
        "other names", "other name", "aliases", "alias", "also known as", "aka", "trading as", "trading name", "t a",
        "known as", "charity other name", "former name", "previous name", "short name", "legal name", "registered name",
        "invoice name", "cheque name", "search name",
    ),
    SupplierField.CATEGORY: (
        "category", "categories", "supplier category", "type of supplier", "supplier type", "service", "services", "supplies",
        "what they supply", "goods and services", "commodity", "trade", "main category", "what for", "used for",
        "what they do", "type of work", "speciality", "specialism", "product", "products",
    ),
    SupplierField.COMPANY_NUMBER: (
        "company number", "companies house number", "companies house no", "company no", "company reg no",
        "company registration", "company registration number", "company reg number", "registration number",
        "registered number", "crn", "co reg no", "co reg",
    ),
    SupplierField.CHARITY_NUMBER: ("charity number", "charity no", "charity registration number", "registered charity number"),
    SupplierField.VAT_NUMBER: (
        "vat number", "tax number", "tax id", "tax registration number", "vat no", "vat reg no", "vat reg",
        "vat registration", "vat registration number", "vat reg number", "vat",
    ),
    SupplierField.WEBSITE: ("website", "web site", "domain", "web address", "web", "url", "www", "internet", "home page"),
    SupplierField.EMAIL: (
        "email", "e mail", "email address", "e mail address", "contact email", "remittance email", "order email",
        "supplier email", "bacs remittance email", "main email", "accounts email",
    ),
    SupplierField.PHONE: (
        "phone", "telephone", "tel", "phone number", "telephone number", "telephone no", "tel no", "phone no",
        "contact number", "contact telephone", "contact no", "mobile", "mobile number", "main telephone", "telephone 1",
        "phone 1", "contact phone",
    ),
    SupplierField.POSTCODE: ("postcode", "post code", "postal code", "address postcode", "post code zip", "zip"),
    SupplierField.ADDRESS: (
        "address", "full address", "postal address", "supplier address", "invoice address", "order address", "address line 1",
        "invoice to", "address line 2", "address line 3", "address line 4", "address 1", "address 2", "address 3",
        "address 4", "address 5", "addr",
    ),
    SupplierField.ACTIVE: ("active", "is active", "in use", "account active", "supplier active"),
    SupplierField.INACTIVE: (
        "inactive", "is inactive", "account is inactive", "closed", "account closed", "on hold", "account on hold", "hold",
        "dormant", "archived", "do not use", "status", "account status", "supplier status", "contact status",
    ),
}  # fmt: skip
# Where no heading says that a name is below it, one of these may; beside one that does, it is a person's or a short form.
PERHAPS_NAMES: Final = (
    "contact name", "display name", "full name", "customer", "customer name", "client", "client name", "description",
)  # fmt: skip
# Other headings, whose columns are left out: enough to know a row of headings by.
LEFT_OUT: Final = (
    "code", "supplier code", "creditor code", "creditor ref", "supplier ref", "supplier reference", "reference", "ref", "id",
    "account code", "account number", "account no", "vendor id", "supplier id", "supplier number", "notes", "note", "comments",
    "remarks", "contact", "contact name", "title", "town", "place", "locality", "city", "county", "country", "street",
    "bank name", "sort code",
    "bank sort code", "bank account", "bank account number", "balance", "current balance", "terms", "payment terms",
    "payment method", "bacs", "date created", "created", "last used", "last invoice", "spend", "total spend",
    "amount", "value", "fax", "fax number", "nominal", "nominal code", "cost centre", "currency", "credit limit", "discount",
    "invoices", "number of invoices", "date", "school", "urn", "error", "row",
)  # fmt: skip
