"""How the forms of a review and of a note are read, and filled in: everything that is wrong with them is said at once."""

from datetime import date
from typing import Any

from base.refusals import Invalid
from suppliers.opinions import notes
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion, checked
from suppliers.record import extras
from suppliers.record.criteria import STAGES, Criterion, Stage
from web.pages import forms
from web.pages.forms import Form


def opinion(form: Form) -> Opinion:
    """What was typed, or Invalid naming everything that can't be read, and with it what the verb would not keep."""
    problems: dict[str, str] = {}
    again = {"yes": True, "no": False, "": None}
    if form.text("declared") not in ("none", "some"):
        problems["declared"] = "Say whether anyone who took part in this review has an interest in the supplier."
    rating = _rating(form, "rating", "Choose a rating from 1 to 5.", problems)
    judged: dict[str, Any] = {
        one.value: _rating(form, one, f"Choose a number from 1 to 5 for {one}, or none.", problems) for one in Criterion
    }
    days: dict[str, Any] = {name: _day(form, name, problems) for name in ("used_from", "used_until")}
    said = Opinion(
        interest=form.text("interest") if form.text("declared") == "some" else None,
        rating=rating,
        would_use_again=again.get(form.text("would_use_again")),
        praise=form.text("praise"),
        criticism=form.text("criticism"),
        stage=_stage(form, problems),
        evidence=form.text("evidence"),
        extras=answered(form),
        **days,
        **judged,
    )
    try:
        checked(said)
    except Invalid as refusal:
        problems = {**refusal.fields, **problems}
    if problems:
        raise Invalid("The review was not saved.", **problems)
    return said


def answered(form: Form) -> extras.Said:
    """What was chosen for extra questions, by their slugs, which the fields of the form are called by; unchecked."""
    return {slug: chosen for slug in extras.questions() if (chosen := form.text(slug))}


def note(form: Form) -> dict[str, Any]:
    """As for a review, everything at once."""
    problems: dict[str, str] = {}
    about = form.text("about")
    if about not in set(About):
        problems["about"] = "Choose what the note is about."
    happened_on = _day(form, "happened_on", problems)
    chosen = _file(form, problems)
    files = [Upload(*chosen)] if chosen else []
    try:
        notes.checked(form.text("body"), happened_on, files)
    except Invalid as refusal:
        problems = {**refusal.fields, **problems}
    if problems:
        raise Invalid("The note was not saved.", **problems)
    return {"about": About(about), "body": form.text("body"), "happened_on": happened_on, "files": files}


def _rating(form: Form, name: str, sentence: str, problems: dict[str, str]) -> int | None:
    typed = form.text(name)
    if typed not in ("", "1", "2", "3", "4", "5"):
        problems[name] = sentence
        return None
    return int(typed) if typed else None


def _stage(form: Form, problems: dict[str, str]) -> Stage | None:
    typed = form.text("stage")
    if typed and typed not in STAGES:
        problems["stage"] = "Choose how far it has come."
        return None
    return Stage(typed) if typed else None


def _file(form: Form, problems: dict[str, str]) -> tuple[str, bytes] | None:
    try:
        return form.file("file")
    except Invalid as refusal:
        problems |= refusal.fields
        return None


def _day(form: Form, name: str, problems: dict[str, str]) -> date | None:
    try:
        return form.day(name)
    except Invalid as refusal:
        problems |= refusal.fields
        return None


def version(form: Form) -> int | None:
    version = form.text("version")
    if version and not (version.isascii() and version.isdigit() and len(version) < 10):
        raise Invalid(forms.BROKEN)
    return int(version) if version else None


def typed(said: Opinion, *, answered: bool) -> dict[str, Any]:
    """An opinion as the form would have sent it; the interest of a first review is asked, never assumed."""
    again = {True: "yes", False: "no", None: ""}[said.would_use_again]
    declared = ("some" if said.interest else "none") if answered else ""
    return {
        "rating": said.rating or "",
        "would_use_again": again,
        "declared": declared,
        "interest": said.interest or "",
        "praise": said.praise,
        "criticism": said.criticism,
        "stage": said.stage or "",
        "evidence": said.evidence or "",
        **{one.value: getattr(said, one) or "" for one in Criterion},
        **said.extras,
        **day_boxes("used_from", said.used_from),
        **day_boxes("used_until", said.used_until),
    }


def retyped(form: Form, *, version: int | None) -> dict[str, Any]:
    """What was typed, to be sent again against the newer version."""
    return {name: form.text(name) for name in form.fields} | {"version": str(version or "")}


def day_boxes(name: str, day: date | None) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)} if day else {}
