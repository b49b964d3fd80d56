"""The town in which everybody but Bob of Elmwood has been busy, for tests that hold it against the quiet one."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

import database
from base import clock
from base.refusals import Refusal
from base.viewer import KeyScope, Role
from contracts.fields.said import Said
from contracts.promises import metrics
from contracts.promises.kinds import MetricKind, Period
from contracts.promises.metric import Promise
from contracts.register import reading, register
from contracts.shares import shares as contract_shares
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, CONTRACT, GrantKind
from sharing.auditors import auditors
from sharing.joining import joining
from sharing.networks import connections, networks
from sharing.people import people
from sharing.sign_in import api_keys, sessions, sign_in
from sharing.tables import School
from suppliers.asking import answering, asking, whom
from suppliers.asking.seen import AnswersWith
from suppliers.directory import changing, directory
from suppliers.hiding import hiding
from suppliers.merging import decisions, links, merges
from suppliers.merging.decisions import Judgement
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import PASSWORD, a_membership, token_in
from tests.given.town import Town


async def oakfield_hides_private_words(town: Town) -> None:
    """About its boilers: nobody else is to know, but for an auditor of them."""
    ann = town.viewers["ann"]
    await hiding.hide(ann, hiding.Hideable.NOTE, UUID(town.ids["note"]))
    await hiding.hide(ann, hiding.Hideable.REVIEW, UUID(town.ids["review"]))


async def everybody_else_is_busy(town: Town) -> None:
    """Every kind of thing that others can do without Bob being meant to know."""
    ann, hal, dee, guy, olive = (town.viewers[name] for name in ("ann", "hal", "dee", "guy", "olive"))
    cleaning, elmwood = UUID(town.ids["cleaning"]), UUID(town.ids["elmwood"])
    said = Opinion(interest=None, rating=1, criticism="Never came.", praise="Cheap.")
    to_fern = AudienceChoice((GrantChoice(GrantKind.SCHOOL, UUID(town.ids["fern"]), fields=ALL),))

    for name in ("Brook Cleaning Services", "Zebra Zoos", "Ashby Boilers and Sons"):
        own = (await directory.add(ann, name=name, categories=["cleaning", "heating"], identifiers={"phone": "01522 555 123"})).id
        await reviews.review(ann, own, opinion=said, version=None)
        await notes.note(ann, own, about=About.RECORD, body="Kept for ourselves.")
    await changing.edit(ann, UUID(town.ids["catering"]), name="Brook Cleening", categories=["cleaning"])
    await directory.adopt(ann, cleaning)
    await reviews.review(ann, cleaning, opinion=said, version=1)
    private = (await reviews.review(guy, cleaning, opinion=said, version=None)).id
    await shares.share(guy, OpinionKind.REVIEW, private, to_fern)
    await reviews.withdraw(dee, (await reviews.vouch(dee, UUID(town.ids["alike"]))).id)
    await shares.share(ann, OpinionKind.NOTE, await notes.note(ann, cleaning, about=About.GOOD, body="For Fern."), to_fern)
    await shares.unshare(ann, OpinionKind.REVIEW, UUID(town.ids["shared_review"]))

    await _contracts(town)
    await _dee_works_elsewhere_too(town)
    to_dee = AudienceChoice((GrantChoice(GrantKind.PERSON, dee.person, fields=ALL, at_school=UUID(town.ids["fern"])),))
    await shares.share(ann, OpinionKind.NOTE, await notes.note(ann, cleaning, about=About.PROBLEM, body="For Dee."), to_dee)

    await hiding.hide(ann, hiding.Hideable.NOTE, UUID(town.ids["shared_note"]))

    alike, gates = UUID(town.ids["alike"]), UUID(town.ids["gates"])
    await merges.merge(ann, gates, cleaning)
    await merges.undo(ann, (await merges.merge(ann, UUID(town.ids["catering"]), gates)).id)
    await links.link(ann, UUID(town.ids["drains"]), alike, links.LinkKind.SITE_OF)
    for viewer, judgement in ((ann, Judgement.SAME), (dee, Judgement.SAME), (guy, Judgement.DIFFERENT)):
        await decisions.decide(viewer, cleaning, alike, judgement, reason="Same street.")

    await connections.decline(dee, UUID(town.ids["bobs_request"]))
    await connections.block(guy, elmwood)
    await connections.end(ann, UUID(town.ids["fern"]))
    await connections.accept(olive, await connections.ask(dee, olive.school))
    cluster = await networks.start(dee, name="Secret cluster")
    await networks.join(olive, await networks.invite(dee, cluster, olive.school))
    await networks.join(ann, UUID(town.ids["invitation"]))

    await asking.ask(dee, asking.Wanted(category="cleaning", words="Who is cheap?", to=whom.connected()))
    await answering.answer(ann, UUID(town.ids["bobs_enquiry"]), AnswersWith.VOUCH, UUID(town.ids["drains"]))

    await people.invite(hal, email="new@school.example", role=Role.HEAD)
    await people.change_role(hal, town.viewers["cleo"].person, Role.GOVERNOR)
    await api_keys.create(ann, name="Another", days=90, scopes=set(KeyScope))
    await sessions.start(ann.person, ann.school)
    await sign_in.change_password(ann, current=PASSWORD, new="a quiet river at dawn")
    with pytest.raises(Refusal):
        await sign_in.sign_in(town.emails["ann"], "wrong", from_address="127.0.0.9")


async def _contracts(town: Town) -> None:
    """Oakfield has a new one with the cleaning, changes the one that Fern sees and what it promises, and shares both with Fern
    alone.
    """
    ann, cleaning = town.viewers["ann"], UUID(town.ids["cleaning"])
    to_fern = AudienceChoice((GrantChoice(GrantKind.SCHOOL, UUID(town.ids["fern"]), fields=CONTRACT),))
    made = await register.add(ann, Said({"title": "Carpets", "annual_pence": 1}, supplier=cleaning))
    await contract_shares.share(ann, made, to_fern)
    shared = await reading.contract(ann, UUID(town.ids["shared_contract"]))
    changed = replace(shared.said, values={**shared.said.values, "title": "Windows and doors"})
    await register.change(ann, shared.id, changed, version=shared.version)
    begins, terms = clock.today() - timedelta(days=90), {"target": 100, "kinds": ["insurance"]}
    await metrics.add(ann, shared.id, Promise(MetricKind.DOCUMENT, "Insured", terms, begins, Period.MONTH))


async def _dee_works_elsewhere_too(town: Town) -> None:
    """She joins Fern, and audits Gorse."""
    dee, hal, until = town.viewers["dee"], town.viewers["hal"], clock.today() + timedelta(days=30)
    async with database.read():
        fern = await School.objects().where(School.id == UUID(town.ids["fern"])).first()
    assert fern is not None
    await a_membership(dee, fern)
    head_of_gorse = replace(hal, school=UUID(town.ids["gorse"]), school_name="Gorse Primary")
    made = await auditors.grant(head_of_gorse, email=town.emails["dee"], reason="Yearly.", until=until)
    await joining.join_with_account(token_in(made.address), password=PASSWORD, from_address="")
