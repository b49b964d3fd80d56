"""Puts Vouch together: routers of every slice, templates, error answers, and the layer around it all."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from jinja2 import Environment
from litestar import Litestar, Router
from litestar.config.app import AppConfig
from litestar.di import Provide
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template.config import TemplateConfig
from litestar.types import ASGIApp, ControllerRouterHandler

import audit.witnesses.pages
import database
import notices.desk.waiting
from audit.checking import background as check_background
from audit.log import sendings
from audit.reading.told import Told
from base.settings import Settings
from contracts.imports import background as contracts_background
from database import saving
from sharing.accounts import forgotten
from sharing.sign_in import keeping, security_log, sessions, sign_in
from suppliers.imports import background
from suppliers.merging import decisions
from vouch import jobs
from vouch.routers import ROUTERS
from vouch.trail_words import WORDS
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
    WOULD_SEE,
    colleagues,
    titles_of_streams,
)
from web.http import asgi, bodies, openapi, problems
from web.http.coming_back import People
from web.http.sent_again import Answers
from web.http.strict_json import StrictRequest
from web.pages import assets, forms
from web.pages.handlers import CurrentViewer
from web.pages.templating import create_environment


async def criticism_kept_back(viewer: CurrentViewer) -> frozenset[str]:
    """The streams of the trail whose criticism the viewer's declared interests keep from them."""
    return await SOURCES.criticism_kept_back(viewer)


TOLD: Final = Told(SENTENCES, KINDS, WORDS, titles_of_streams, colleagues, MERGING, SOURCES.criticism_kept_back)
# What handlers may ask for by name, such as `viewer`.
DEPENDENCIES: Final[Mapping[str, Provide]] = {
    **sign_in.dependencies,
    "told": Provide(lambda: TOLD, sync_to_thread=False),
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
        answers=Answers(look=sendings.look, answer_of=sendings.answer_of, keep=sendings.keep),
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
            for loop in looking_after:
                await jobs.stop(loop)
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
