"""Puts Vouch together: routers of every slice, templates, error answers, and the layer around it all."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from jinja2 import Environment
from litestar import Litestar, Router
from litestar.config.app import AppConfig
from litestar.di import Provide
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template.config import TemplateConfig
from litestar.types import ASGIApp, ControllerRouterHandler

import audit.packs.api
import audit.packs.pages
import audit.reading.api
import audit.reading.as_of_pages
import audit.reading.pages
import audit.seals.api
import audit.seals.pages
import audit.verifier.pages
import database
import sharing.networks.api
import sharing.networks.pages
import sharing.people.account_pages
import sharing.people.auditor_pages
import sharing.people.joining_pages
import sharing.people.pages
import sharing.sign_in.pages
import suppliers.api
import suppliers.erasure_pages
import suppliers.import_api
import suppliers.import_pages
import suppliers.keeping_pages
import suppliers.merge_pages
import suppliers.merges_api
import suppliers.opinion_pages
import suppliers.opinions_api
import suppliers.pages
import suppliers.search_pages
import suppliers.share_pages
import suppliers.shares_api
import suppliers.subject_access_pages
import web.http.health
import web.pages.about
from audit import jobs
from base.settings import Settings
from sharing.sign_in import sign_in
from suppliers import import_work, imports, titles
from suppliers.sources import MERGING, SENTENCES, SOURCES
from web.http import asgi, openapi, problems
from web.pages import assets, forms
from web.pages.templating import create_environment

# Every page and endpoint of Vouch: one line a router.
ROUTERS: Final[tuple[Router, ...]] = (
    web.pages.about.pages,
    web.http.health.pages,
    audit.reading.pages.pages,
    audit.verifier.pages.pages,
    audit.reading.api.api,
    audit.reading.as_of_pages.pages,
    audit.reading.as_of_pages.api,
    audit.seals.pages.pages,
    audit.seals.api.api,
    audit.packs.pages.pages,
    audit.packs.api.api,
    suppliers.search_pages.pages,
    suppliers.merge_pages.pages,
    suppliers.pages.pages,
    suppliers.import_pages.pages,
    suppliers.opinion_pages.pages,
    suppliers.share_pages.pages,
    suppliers.erasure_pages.pages,
    suppliers.keeping_pages.pages,
    suppliers.subject_access_pages.pages,
    suppliers.api.api,
    suppliers.merges_api.api,
    suppliers.import_api.api,
    suppliers.opinions_api.api,
    suppliers.shares_api.api,
    sharing.sign_in.pages.pages,
    sharing.people.joining_pages.pages,
    sharing.people.pages.pages,
    sharing.people.account_pages.pages,
    sharing.people.auditor_pages.pages,
    sharing.networks.pages.pages,
    sharing.networks.api.api,
)

# What handlers may ask for by name, such as `viewer`.
DEPENDENCIES: Final[Mapping[str, Provide]] = {
    **sign_in.dependencies,
    "sentences": Provide(lambda: SENTENCES, sync_to_thread=False),
    "merging": Provide(lambda: MERGING, sync_to_thread=False),
    "titles": Provide(lambda: titles.of_streams, sync_to_thread=False),
    "sources": Provide(lambda: SOURCES, sync_to_thread=False),
}

jobs.TO_FORGET["imports"] = imports.forget_old

LARGEST_BODY: Final = max(most for _, most in asgi.BODY_LIMITS)


def create_app(settings: Settings, *, more_handlers: Sequence[ControllerRouterHandler] = ()) -> ASGIApp:
    """The whole of Vouch as one ASGI application. ``more_handlers`` is for tests of what surrounds every handler."""
    environment = create_environment(settings)
    return asgi.wrap(_application(settings, environment, more_handlers), settings=settings, environment=environment)


def _application(settings: Settings, environment: Environment, more_handlers: Sequence[ControllerRouterHandler]) -> Litestar:
    @asynccontextmanager
    async def with_database(_app: Litestar) -> AsyncIterator[None]:
        await database.open(settings)
        looking_after = asyncio.create_task(jobs.run_forever()) if settings.seal_every else None
        try:
            yield
        finally:
            if looking_after:
                looking_after.cancel()
                with suppress(asyncio.CancelledError):
                    await looking_after
            await import_work.stop()
            await database.close()

    made = Litestar.from_config(
        AppConfig(
            route_handlers=[assets.serve, *ROUTERS, *more_handlers],
            dependencies=dict(DEPENDENCIES),
            exception_handlers={Exception: problems.answer},
            template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment)),
            lifespan=[with_database],
            openapi_config=openapi.config(),
            logging_config=None,
            debug=False,
            request_max_body_size=LARGEST_BODY,
            multipart_form_part_limit=forms.MOST_FIELDS,
        )
    )
    openapi.say_how_we_refuse(made.openapi_schema)
    return made
