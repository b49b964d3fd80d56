"""The words of which headings of contract registers are made."""

from typing import Final

from contracts.register_file.wording import some

# Say nothing of their own.
NEUTRAL: Final = some(
    "the of a for this current contract contracts contractual agreement agreements sla date dates day details "
    "detail if known any applicable please dd mm yy yyyy ddmmyyyy dt"
)
# Above other headings they say that those are about something else.
ALIEN: Final = some(
    "insurance insured dbs policy warranty certificate accreditation previous old proposed break dpa dpia gdpr "
    "liability email telephone phone tel address postcode account invoice saving savings increase uplift "
    "price_review rating score kpi budgeted variance planned next new bank vat_number charity company_number "
    "website"
)
# In brackets behind a heading they change nothing.
IN_BRACKETS: Final = some(
    "current year approx approximate est estimated if known dd mm yy yyyy ddmmyyyy y n yes no exc ex excl inc incl "
    "excluding including vat net gross gbp £ date of contract the initial optional and or where to school trust sbm "
    "e g eg etc name full applicable brief short"
)
START: Final = some(
    "start starts started starting commencement commence commences commenced commencing begin begins began "
    "beginning from inception effective startdate"
)
END: Final = some(
    "end ends ended ending expiry expires expire expired expiration finish finishes until to terminates completion till "
    "enddate expirydate expiring terminating"
)

# The field, the words of which a heading of it must have one, and the words that it may have besides. The first that fits.
CORES: Final[tuple[tuple[str, frozenset[str], frozenset[str]], ...]] = (
    (
        "trigger",
        some("trigger reminder alert deadline decision decide"),
        some("notice by review action for to give last termination serve point on"),
    ),
    ("review", some("review reviewed reviews"), some("next last annual due meeting on")),
    (
        "extensions",
        some("extension extensions extend extended extendable option options"),
        some("available period periods to possible further terms optional years months yrs length in and"),
    ),
    (
        "method",
        some("how form means manner method"),
        some("notice given to give termination serve served be is of must required via"),
    ),
    (
        "renewal",
        some(
            "auto autorenew autorenewal renew renews renewal renewals rolling rolls rollover roll tacit automatic automatically"
        ),
        some("y n yes no or over type mode terms term period clause arrangements arrangement on is does it will and length"),
    ),
    (
        "notice",
        some("notice termination terminate cancellation"),
        some(
            "period required term terms length min minimum clause provisions rights conditions arrangements requirements "
            "needed reqd req how much days weeks months written to end leave in exit and cancel give working"
        ),
    ),
    ("start", START, some("initial original on first valid live go")),
    ("end", END, some("initial original on last valid final")),
    ("term", some("term length duration period"), some("years months yrs initial fixed min minimum in yr contract weeks")),
    (
        "route",
        some(
            "procurement procured procure route tender tendered sourcing sourced quotes award awarded "
            "purchasing purchase buying procurment let"
        ),
        some("to market method how type process used or and via by quotations quote obtained"),
    ),
    (
        "schools",
        some(
            "school schools urn academy academies site sites establishment setting campus location "
            "nursery nurseries college colleges federation"
        ),
        some("name s or covering covered by covers and in which"),
    ),
    (
        "supplier",
        some(
            "supplier suppliers contractor contractors company provider providers vendor vendors firm supplied supplies "
            "counterparty organisation with"
        ),
        some("name names service services by or and legal our who it is"),
    ),
    ("status", some("status state"), frozenset()),
    ("frequency", some("frequency paid billing billed invoiced"), some("payment how often by is")),
    (
        "notes",
        some("notes note comments comment remarks observations information info"),
        some("status other further additional general and or actions misc issues sbm"),
    ),
    ("reference", some("ref reference id number no num"), some("our their register line item row order po unique")),
)
PERSONS: Final = some("officer owner lead manager holder responsible responsibility managed coordinator sponsor mgr owned")
TITLES: Final = {
    "title": 0, "service": 2, "services": 2, "works": 3, "goods": 3, "product": 3, "supply": 3, "item": 4, "subject": 4,
    "description": 6, "desc": 6, "purpose": 5, "nature": 5, "category": 8, "type": 8, "area": 8, "provision": 4,
}  # fmt: skip
WITH_TITLES: Final = some("name short brief and or provided is it supplied being summary scope what")
MONEY: Final = some("value cost costs price prices amount fee fees charge charges spend payment payments expenditure sum")
YEARLY: Final = some("annual annum pa year yearly annually yr")
MONTHLY: Final = some("month monthly pcm pm mth")
QUARTERLY: Final = some("quarter quarterly qtr")
TERMLY: Final = some("term termly")
TOTAL: Final = some("total whole life lifetime overall aggregate lifecycle over")
THOUSANDS: Final = some("k 000 000s thousands thousand")
FILL: Final = some(
    "per p each net gross exc ex excl inc incl excluding including vat plus approx est estimated approximate agreed "
    "in gbp £ initial full and payable"
)
_ALL: Final = (
    NEUTRAL,
    ALIEN,
    IN_BRACKETS,
    PERSONS,
    MONEY,
    YEARLY,
    MONTHLY,
    QUARTERLY,
    TERMLY,
    TOTAL,
    THOUSANDS,
    FILL,
    frozenset(TITLES),
)
VOCABULARY: Final = frozenset().union(*_ALL, *(core | allowed for _, core, allowed in CORES), WITH_TITLES, {"contact", "budget"})
