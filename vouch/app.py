"""Puts Vouch together: routers of every slice, templates, error answers, and the layer around it all."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from jinja2 import Environment
from litestar import Litestar, Router
from litestar.config.app import AppConfig
from litestar.di import Provide
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template.config import TemplateConfig
from litestar.types import ASGIApp, ControllerRouterHandler

import audit.checking.pages
import audit.packs.api
import audit.packs.pages
import audit.reading.api
import audit.reading.as_of_pages
import audit.reading.pages
import audit.seals.api
import audit.seals.pages
import audit.verifier.pages
import audit.witnesses.pages
import contracts.attainment.api
import contracts.attainment.pages
import contracts.backing.api
import contracts.backing.pages
import contracts.calendars.api
import contracts.calendars.pages
import contracts.changes.later_pages
import contracts.documents.api
import contracts.documents.pages
import contracts.endings.ending_pages
import contracts.exceptions.pages
import contracts.imports.pages
import contracts.imports.row_pages
import contracts.improvement.pages
import contracts.job_lists.job_list_pages
import contracts.lists.list_pages
import contracts.profile.pages
import contracts.promises.metric_pages
import contracts.register.api
import contracts.register.pages
import contracts.register.question_pages
import contracts.reminders.governor_pages
import contracts.reminders.pages
import contracts.review.api
import contracts.review.pages
import contracts.service_events.api
import contracts.service_events.event_pages
import contracts.service_events.pages
import contracts.service_events.photo_pages
import contracts.shares.api
import contracts.shares.pages
import contracts.sheets.sheet_pages
import database
import disclosure.foi_pages
import disclosure.pages
import notices.desk.home_pages
import notices.desk.waiting
import notices.desk.waiting_feed_pages
import notices.feed_pages
import notices.pages
import privacy.about_pages
import privacy.hidden_pages
import privacy.holds_pages
import privacy.in_directory.pages
import privacy.outside_pages
import privacy.pages
import privacy.subject_access_pages
import sharing.accounts.pages
import sharing.auditors.pages
import sharing.joining.pages
import sharing.networks.api
import sharing.networks.pages
import sharing.operator.break_glass_pages
import sharing.operator.succession_pages
import sharing.people.confirmer_pages
import sharing.people.head_pages
import sharing.people.pages
import sharing.sign_in.key_pages
import sharing.sign_in.pages
import sharing.sign_in.security_pages
import sharing.two_people.pages
import suppliers.corrections.pages
import suppliers.directory.api
import suppliers.directory.pages
import suppliers.helped.api
import suppliers.helped.pages
import suppliers.hiding.api
import suppliers.hiding.pages
import suppliers.imports.api
import suppliers.imports.pages
import suppliers.merging.api
import suppliers.merging.pages
import suppliers.opinions.api
import suppliers.opinions.confirming_pages
import suppliers.opinions.interest_api
import suppliers.opinions.pages
import suppliers.ours.note_pages
import suppliers.ours.pages
import suppliers.ours.still_true_pages
import suppliers.profile.pages
import suppliers.profile.site_staff_pages
import suppliers.search.api
import suppliers.search.pages
import suppliers.shares.api
import suppliers.shares.consent_pages
import suppliers.shares.pages
import suppliers.shares.reader_pages
import web.http.health
import web.pages.about
from audit.checking import background as check_background
from base.settings import Settings
from contracts.imports import background as contracts_background
from database import saving
from sharing.accounts import forgotten
from sharing.sign_in import keeping, security_log, sessions, sign_in
from suppliers.imports import background
from suppliers.merging import decisions
from vouch import jobs
from vouch.wiring import (
    BESIDE,
    COUNTED,
    DATES,
    KINDS,
    MERGING,
    MOVED_BY_CALENDAR,
    NEWS,
    SENTENCES,
    SITE,
    SOURCES,
    TELLING,
    WAITS,
    WORDS,
    WOULD_SEE,
    colleagues,
    titles_of_streams,
)
from web.http import asgi, bodies, openapi, problems
from web.http.coming_back import People
from web.http.strict_json import StrictRequest
from web.pages import assets, forms
from web.pages.handlers import CurrentViewer
from web.pages.templating import create_environment

# Every page and endpoint of Vouch: one line a router.
ROUTERS: Final[tuple[Router, ...]] = (
    web.pages.about.pages,
    web.http.health.pages,
    audit.reading.pages.pages,
    audit.checking.pages.pages,
    audit.verifier.pages.pages,
    audit.reading.api.api,
    audit.reading.as_of_pages.pages,
    audit.reading.as_of_pages.api,
    audit.seals.pages.pages,
    audit.seals.api.api,
    audit.packs.pages.pages,
    audit.packs.api.api,
    suppliers.search.pages.pages,
    suppliers.corrections.pages.pages,
    suppliers.merging.pages.pages,
    suppliers.ours.note_pages.pages,
    suppliers.ours.pages.pages,
    suppliers.ours.still_true_pages.pages,
    suppliers.directory.pages.pages,
    suppliers.profile.pages.pages,
    suppliers.profile.site_staff_pages.pages,
    suppliers.imports.pages.pages,
    suppliers.opinions.pages.pages,
    suppliers.helped.pages.pages,
    suppliers.hiding.pages.pages,
    suppliers.opinions.confirming_pages.pages,
    suppliers.shares.pages.pages,
    suppliers.shares.reader_pages.pages,
    suppliers.shares.consent_pages.pages,
    contracts.lists.list_pages.pages,
    contracts.register.pages.pages,
    contracts.endings.ending_pages.pages,
    contracts.changes.later_pages.pages,
    contracts.register.question_pages.pages,
    contracts.profile.pages.pages,
    contracts.imports.pages.pages,
    contracts.imports.row_pages.pages,
    contracts.sheets.sheet_pages.pages,
    contracts.reminders.pages.pages,
    contracts.reminders.governor_pages.pages,
    disclosure.pages.pages,
    disclosure.foi_pages.pages,
    privacy.about_pages.pages,
    privacy.in_directory.pages.pages,
    privacy.pages.pages,
    privacy.hidden_pages.pages,
    privacy.holds_pages.pages,
    privacy.outside_pages.pages,
    privacy.subject_access_pages.pages,
    suppliers.search.api.api,
    contracts.register.api.api,
    suppliers.directory.api.api,
    suppliers.merging.api.api,
    suppliers.imports.api.api,
    suppliers.opinions.api.api,
    suppliers.opinions.interest_api.api,
    suppliers.helped.api.api,
    suppliers.ours.still_true_pages.api,
    suppliers.hiding.api.api,
    contracts.documents.api.api,
    suppliers.shares.api.api,
    contracts.shares.pages.pages,
    contracts.documents.pages.pages,
    contracts.shares.api.api,
    sharing.sign_in.pages.pages,
    sharing.joining.pages.pages,
    sharing.people.pages.pages,
    sharing.operator.break_glass_pages.pages,
    sharing.operator.succession_pages.pages,
    sharing.people.head_pages.pages,
    sharing.two_people.pages.pages,
    sharing.people.confirmer_pages.pages,
    sharing.accounts.pages.pages,
    sharing.sign_in.key_pages.pages,
    sharing.sign_in.security_pages.pages,
    sharing.auditors.pages.pages,
    notices.desk.home_pages.pages,
    notices.desk.waiting_feed_pages.pages,
    notices.desk.waiting_feed_pages.public_pages,
    notices.pages.pages,
    notices.pages.public_pages,
    notices.feed_pages.pages,
    notices.feed_pages.public_pages,
    sharing.networks.pages.pages,
    sharing.networks.api.api,
    contracts.calendars.pages.pages,
    contracts.calendars.api.api,
    contracts.review.pages.pages,
    contracts.review.api.api,
    contracts.service_events.pages.pages,
    contracts.service_events.event_pages.pages,
    contracts.service_events.photo_pages.pages,
    contracts.promises.metric_pages.pages,
    contracts.job_lists.job_list_pages.pages,
    contracts.service_events.api.api,
    contracts.attainment.pages.pages,
    contracts.exceptions.pages.pages,
    contracts.improvement.pages.pages,
    contracts.attainment.api.api,
    contracts.backing.pages.pages,
    contracts.backing.api.api,
)


async def criticism_kept_back(viewer: CurrentViewer) -> frozenset[str]:
    """The streams of the trail whose criticism the viewer's declared interests keep from them."""
    return await SOURCES.criticism_kept_back(viewer)


# What handlers may ask for by name, such as `viewer`.
DEPENDENCIES: Final[Mapping[str, Provide]] = {
    **sign_in.dependencies,
    "sentences": Provide(lambda: SENTENCES, sync_to_thread=False),
    "kinds": Provide(lambda: KINDS, sync_to_thread=False),
    "colleagues": Provide(lambda: colleagues, sync_to_thread=False),
    "words": Provide(lambda: WORDS, sync_to_thread=False),
    "merging": Provide(lambda: MERGING, sync_to_thread=False),
    "moved_by_calendar": Provide(lambda: MOVED_BY_CALENDAR, sync_to_thread=False),
    "dates": Provide(lambda: DATES, sync_to_thread=False),
    "titles": Provide(lambda: titles_of_streams, sync_to_thread=False),
    "would_see": Provide(lambda: WOULD_SEE, sync_to_thread=False),
    "apart": Provide(lambda: decisions.judge_apart, sync_to_thread=False),
    "beside": Provide(lambda: BESIDE, sync_to_thread=False),
    "waits": Provide(lambda: WAITS, sync_to_thread=False),
    "counted": Provide(lambda: COUNTED, sync_to_thread=False),
    "news": Provide(lambda: NEWS, sync_to_thread=False),
    "telling": Provide(lambda: TELLING, sync_to_thread=False),
    "sources": Provide(lambda: SOURCES, sync_to_thread=False),
    "criticism_kept_back": Provide(criticism_kept_back),
}


async def count_beside_the_menu(response: Any) -> Any:
    """Puts what waits into what the template of a page is told, before it is rendered."""
    viewer = response.context.get("viewer") if isinstance(response, Template) else None
    if viewer is not None and "waits_beside" not in response.context and not saving.is_anything():
        found = await notices.desk.waiting.of(viewer, WAITS, for_menu=True)
        response.context["waits_beside"] = notices.desk.waiting.beside_the_menu(found)
    return response


def create_app(settings: Settings, *, more_handlers: Sequence[ControllerRouterHandler] = ()) -> ASGIApp:
    """The whole of Vouch as one ASGI application.

    ``more_handlers``, open to everybody, is for tests of what surrounds every handler.
    """
    environment = create_environment(settings, SITE)
    application = _application(settings, environment, more_handlers)
    methods = openapi.methods_of(application)
    return asgi.wrap(
        application,
        settings=settings,
        environment=environment,
        methods=methods,
        takes_files=SITE.takes_files,
        people=People(visitor=sign_in.visitor_of, sealed=keeping.sealed),
    )


def _application(settings: Settings, environment: Environment, more_handlers: Sequence[ControllerRouterHandler]) -> Litestar:
    @asynccontextmanager
    async def with_database(_app: Litestar) -> AsyncIterator[None]:
        await database.open(settings)
        beside = [jobs.run_forever, jobs.remind_forever] if settings.seal_every else []
        looking_after = [asyncio.create_task(job()) for job in (*beside, *([jobs.send_promptly] if settings.smtp else []))]
        try:
            yield
        finally:
            for task in looking_after:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await forgotten.stop()
            await background.stop()
            await contracts_background.stop()
            await check_background.stop()
            await database.close()

    for_others = [audit.witnesses.pages.pages] if settings.witness_for else []  # off until somebody names whom to witness
    more = Router(path="/", route_handlers=more_handlers, opt={"public": True})
    made = Litestar.from_config(
        AppConfig(
            route_handlers=[assets.serving(assets.load(SITE.scripts)), *ROUTERS, *for_others, more],
            dependencies=dict(DEPENDENCIES),
            guards=[sign_in.may_enter],
            exception_handlers={Exception: problems.answer},
            template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment)),
            before_send=[security_log.note_refusal],
            after_request=count_beside_the_menu,
            lifespan=[with_database],
            openapi_config=openapi.config(sessions.cookie_name()),
            plugins=[openapi.SeveralOfOneKind()],
            request_class=StrictRequest,
            logging_config=None,
            debug=False,
            request_max_body_size=bodies.FILE_FORM,
            multipart_form_part_limit=forms.MOST_PARTS,
        )
    )
    openapi.complete(made)
    return made
