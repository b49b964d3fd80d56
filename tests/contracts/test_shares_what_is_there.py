"""The sentence of a contract's share names what there is to see, and what may come to it."""

from datetime import date
from typing import Any

from base.viewer import Viewer
from contracts.documents import documents
from contracts.documents.answering import What
from contracts.documents.kinds import DocumentKind
from contracts.fields.said import Said
from contracts.register import register
from contracts.shares import by_reader, shares
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.opinions.attachments import Upload
from tests.given.builders import a_school

F = Fields
CONTRACTS: tuple[tuple[dict[str, Any], Fields, str], ...] = (
    ({}, F.TERMS, "what it is for and, once you add them, the supplier and how it was chosen"),
    (
        {"supplier_name": "Ashby Boilers", "route": "quotes"},
        F.TERMS,
        "what it is for, the supplier and how it was chosen",
    ),
    ({}, F.DATES, "that you have a contract and, once you add it, its dates"),
    ({"starts_on": date(2026, 1, 5)}, F.DATES, "its dates"),
    ({}, F.ATTAINMENT, "that you have a contract and, once you add it, how the service did"),
    ({}, F.ATTACHMENTS, "that you have a contract and, once you add it, its documents"),
)


async def test_of_a_contract(ann: Viewer) -> None:
    elm = await a_school("Elmwood School")
    for said, fields, told in CONTRACTS:
        contract = await register.add(ann, Said({"title": "Boilers", **said}))
        choice = AudienceChoice((GrantChoice(GrantKind.SCHOOL, elm.id, fields=fields),))
        (line,) = await shares.preview(ann, contract, choice)
        assert line.what == told, (said, fields)
        done = await shares.share(ann, contract, choice)
        (listed,) = [one.sharing for one in (await by_reader.shared(ann)).lines if one.sharing.id == contract]
        assert line.sentence in done.sentence
        assert listed.sentence == done.sentence == (await shares.state(ann, contract)).sentence


async def test_documents_and_promises_are_named_once_there_are_any(ann: Viewer) -> None:
    contract = await register.add(ann, Said({"title": "Boilers"}))
    file = Upload("signed.txt", b"Signed by both.")
    await documents.add(ann, contract, file, What(DocumentKind.SIGNED_COPY), is_letter=False)
    there = (await shares.state(ann, contract)).there
    assert there.words(F.ATTACHMENTS | F.ATTAINMENT) == "its documents and, once you add it, how the service did"
