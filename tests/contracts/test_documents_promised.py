"""Documents kept with a contract are those that it promises: in date while they hold, as their kind or the school says."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

import database
from base import clock
from base.refusals import Invalid, NotFound
from base.viewer import Viewer
from contracts.attainment import attainment, resting
from contracts.attainment.attainment import Days
from contracts.attainment.figures import Figure
from contracts.documents import answering, documents
from contracts.documents.answering import NONE_OF_THEM, What
from contracts.documents.kinds import DocumentKind
from contracts.promises import metrics
from contracts.promises.kinds import EventKind, MetricKind, Period
from contracts.promises.metric import Promise
from contracts.service_events.logging_one import Logged, log
from privacy import blanking
from suppliers.opinions.attachments import Upload
from tests.given.builders import a_person, a_school, signed_in
from tests.given.served import a_contract

pytestmark = pytest.mark.usefixtures("db")

SEPTEMBER = Days(date(2026, 9, 1), date(2026, 9, 30))
LOOKED = datetime(2026, 10, 12, 12, tzinfo=UTC)
ADDED = datetime(2026, 9, 11, 9, tzinfo=UTC)
COVER = Upload("cover.pdf", b"%PDF-1.7\ninsured")


async def promised(viewer: Viewer, *kinds: str) -> UUID:
    contract = await a_contract(viewer)
    await promise(viewer, contract, *kinds)
    return contract


async def promise(viewer: Viewer, contract: UUID, *kinds: str, name: str = "Papers in date") -> UUID:
    terms = {"target": 100, "kinds": list(kinds)}
    return await metrics.add(viewer, contract, Promise(MetricKind.DOCUMENT, name, terms, date(2026, 9, 1), Period.MONTH))


async def keep(viewer: Viewer, contract: UUID, what: What) -> UUID:
    with clock.at(ADDED):
        return await documents.add(viewer, contract, COVER, what, is_letter=True)


async def september(viewer: Viewer, contract: UUID) -> Figure:
    with clock.at(LOOKED):
        metric, *_ = await attainment.of_contract(viewer, contract, SEPTEMBER)
    return metric.periods[0].figure


async def in_date(viewer: Viewer, contract: UUID) -> int:
    """Days of September on which what is promised was in date, each document counted by itself."""
    figure = await september(viewer, contract)
    return round((figure.measured or 0) * figure.n / 100)


async def test_a_certificate_kept_with_the_contract_is_the_one_promised(ann: Viewer) -> None:
    contract = await promised(ann, "insurance")
    nothing = await september(ann, contract)
    assert (nothing.said, nothing.measured, nothing.missing) == ("not recorded", 0.0, 1)
    await keep(ann, contract, What(DocumentKind.INSURANCE, date(2027, 3, 31), date(2026, 4, 1)))
    figure = await september(ann, contract)
    assert (figure.said, figure.measured, figure.n, figure.missing) == ("met", 100.0, 30, 0)


@pytest.mark.parametrize(
    ("what", "days"),
    [
        (What(DocumentKind.INSURANCE), 20),  # from the day on which it was added
        (What(DocumentKind.INSURANCE, date(2026, 9, 14)), 4),
        (What(DocumentKind.INSURANCE, date(2026, 9, 14), date(2026, 9, 1)), 14),
        (What(DocumentKind.INSURANCE, date(2026, 9, 5)), 0),  # it had run out when it was added
        (What(DocumentKind.INSURANCE, None, date(2026, 10, 1)), 0),
        (What(DocumentKind.OTHER, None, date(2026, 9, 1)), 0),
        (What(DocumentKind.OTHER, None, date(2026, 9, 1), "Insurance"), 30),
        (What(DocumentKind.INSURANCE, None, date(2026, 9, 1), NONE_OF_THEM), 0),
    ],
    ids=str,
)
async def test_it_is_in_date_from_its_first_day_or_the_day_it_was_added_until_it_runs_out(
    ann: Viewer, what: What, days: int
) -> None:
    contract = await promised(ann, "insurance")
    await keep(ann, contract, what)
    assert await in_date(ann, contract) == days


async def test_what_is_kept_for_the_figure_is_made_anew_at_each_change(ann: Viewer) -> None:
    contract = await promised(ann, "insurance")
    assert await in_date(ann, contract) == 0
    made = await keep(ann, contract, What(DocumentKind.INSURANCE, None, date(2026, 9, 1)))
    assert await in_date(ann, contract) == 30
    await documents.correct(ann, made, What(DocumentKind.INSURANCE, date(2026, 9, 10), date(2026, 9, 1)))
    assert await in_date(ann, contract) == 10
    await documents.hide(ann, made)
    assert await in_date(ann, contract) == 0
    await documents.show_again(ann, made)
    assert await in_date(ann, contract) == 10
    async with database.write():
        await blanking.delete_files(ann.school, [made])
    assert await in_date(ann, contract) == 0


async def test_one_certificate_is_not_both_of_two_insurances_until_somebody_says_which(ann: Viewer) -> None:
    contract = await promised(ann, "public liability insurance")
    await promise(ann, contract, "employers' liability insurance", name="Staff insured")
    whole = What(DocumentKind.INSURANCE, None, date(2026, 9, 1))
    made = await keep(ann, contract, whole)
    assert await in_date(ann, contract) == 0
    said = What(DocumentKind.INSURANCE, None, date(2026, 9, 1), "Employers' liability  insurance")
    await documents.correct(ann, made, said)
    with clock.at(LOOKED):
        found = await attainment.of_contract(ann, contract, SEPTEMBER)
    assert {one.name: one.periods[0].figure.said for one in found} == {"Papers in date": "not recorded", "Staff insured": "met"}


@pytest.mark.parametrize(
    ("kind", "words", "is_plain"),
    [
        (DocumentKind.INSURANCE, "Public liability insurance", True),
        (DocumentKind.RISK_ASSESSMENT, "RAMS", True),
        (DocumentKind.RISK_ASSESSMENT, "risk assessments", True),
        (DocumentKind.LETTER_OF_ASSURANCE, "DBS letter", True),
        (DocumentKind.DATA_AGREEMENT, "data-processing agreement", True),
        (DocumentKind.INSURANCE, "spraying certificate", False),
        (DocumentKind.RISK_ASSESSMENT, "insurance", False),
        (DocumentKind.OTHER, "COSHH sheets", False),
        (DocumentKind.RISK_ASSESSMENT, "programs", False),
    ],
)
def test_a_kind_answers_the_words_that_speak_of_it(kind: DocumentKind, words: str, *, is_plain: bool) -> None:
    assert (answering.answered(What(kind), (words,)) == words) is is_plain


async def test_logged_documents_still_count_beside_kept_ones_and_the_page_names_both(ann: Viewer) -> None:
    contract = await promised(ann, "insurance", "COSHH sheets", "risk assessment")
    (metric,) = await resting_on(ann, contract)
    sheets = {"kind": "COSHH sheets", "from": "2026-09-01", "to": "2026-12-31"}
    logged = await log(ann, contract, Logged(EventKind.DOCUMENT, metric=metric, what="S", on_day=date(2026, 9, 2), said=sheets))
    made = await keep(ann, contract, What(DocumentKind.INSURANCE, date(2027, 3, 31), date(2026, 9, 1)))
    figure = await september(ann, contract)
    assert (figure.measured, figure.missing) == (66.6, 1)
    (found,) = (await resting_on(ann, contract)).values()
    assert [(one.promised, [(seen.document, seen.event) for seen in one.seen]) for one in found] == [
        ("insurance", [(made, None)]),
        ("COSHH sheets", [(None, logged)]),
        ("risk assessment", []),
    ]


async def resting_on(viewer: Viewer, contract: UUID) -> dict[UUID, tuple[resting.RestsOn, ...]]:
    with clock.at(LOOKED):
        return await resting.by_promise(viewer, contract)


async def test_another_school_reads_nothing_of_it(ann: Viewer) -> None:
    contract = await promised(ann, "insurance")
    bob = await a_person(await a_school("Elmwood School"), name="Bob Brown")
    with pytest.raises(NotFound):
        await resting.by_promise(bob, contract)


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (What(DocumentKind.INSURANCE, date(2026, 9, 1), date(2026, 9, 2)), "expires_on"),
        (What(DocumentKind.INSURANCE, None, date(1066, 9, 1)), "begins_on"),
        (What(DocumentKind.INSURANCE, None, None, "lease"), "answers"),
    ],
    ids=str,
)
async def test_what_cannot_be_is_refused_by_name(ann: Viewer, what: What, field: str) -> None:
    contract = await promised(ann, "insurance")
    with pytest.raises(Invalid) as refusal:
        await keep(ann, contract, what)
    assert set(refusal.value.fields) == {field}


async def test_the_page_lists_what_is_promised_and_keeps_which_it_is(ann: Viewer) -> None:
    contract = await promised(ann, "insurance", "COSHH sheets")
    days = {"begins_on-day": "1", "begins_on-month": "9", "begins_on-year": "2026"}
    files = {"file": ("sheets.pdf", b"%PDF-1.7\nsheets", "application/pdf")}
    with clock.at(LOOKED):
        async with signed_in(ann) as browser:
            assert '<option value="COSHH sheets">' in (await browser.get(f"/contracts/{contract}/documents")).text
            for answers, status in (("lease", 422), ("COSHH sheets", 303)):
                form = {"kind": "other", "answers": answers, **days}
                saved = await browser.post(f"/contracts/{contract}/documents", data=form, files=files)
                assert saved.status_code == status
            shown = (await browser.get(f"/contracts/{contract}/documents")).text
            assert "Counts as “COSHH sheets”" in shown
            (found,) = (await browser.get(f"/api/v1/contracts/{contract}/attainment")).json()["metrics"]
            service = (await browser.get(f"/contracts/{contract}/service")).text
    (paper,) = await documents.of_contract(ann, contract)
    assert [(one["promised"], one["document"]) for one in found["rests_on"]] == [
        ("insurance", None),
        ("COSHH sheets", str(paper.file.id)),
    ]
    assert f"/contracts/documents/{paper.file.id}" in service
    assert "insurance: nothing kept or logged yet" in service
