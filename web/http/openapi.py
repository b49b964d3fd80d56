"""The description of the JSON API that programs read: how one signs in, and what every refusal looks like."""

from typing import Final

from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    Components,
    OpenAPI,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    PathItem,
    Reference,
    Schema,
    SecurityScheme,
)

METHODS: Final = ("get", "post", "put", "patch", "delete")

TEXT: Final = Schema(type=OpenAPIType.STRING)
PROBLEM: Final = Schema(
    type=OpenAPIType.OBJECT,
    description="A refusal (RFC 9457), in a sentence that a person can act on.",
    properties={
        "type": TEXT,
        "title": TEXT,
        "status": Schema(type=OpenAPIType.INTEGER),
        "detail": Schema(type=OpenAPIType.STRING, description="The sentence"),
        "instance": Schema(type=OpenAPIType.STRING, description="Of a failure on our side: what to quote when you report it"),
        "errors": Schema(
            type=OpenAPIType.OBJECT, additional_properties=TEXT, description="A sentence for each field that can't be used"
        ),
    },
    required=["type", "title", "status", "detail"],
)
REFUSAL: Final = OpenAPIResponse(
    description="Why not. What you can't see is 404, exactly as what is not there.",
    content={"application/problem+json": OpenAPIMediaType(schema=Reference(ref="#/components/schemas/Problem"))},
)


def config() -> OpenAPIConfig:
    """JSON only: the ready-made viewers load scripts from other hosts."""
    bearer = SecurityScheme(type="http", scheme="bearer", description="An API key of yours: make one on the page API keys.")
    return OpenAPIConfig(
        title="Vouch",
        version="1",
        description="Find suppliers that other schools vouch for, share only what you choose, and check the trail.",
        components=Components(security_schemes={"apiKey": bearer}),
        security=[{"apiKey": []}],
        # A path of its own, because Litestar answers every unknown path beside it with its own 404 page.
        path="/api/v1/openapi.json",
        render_plugins=[JsonRenderPlugin(path="/")],
    )


def say_how_we_refuse(schema: OpenAPI) -> None:
    """Puts our own refusals in the place of the framework's, in every operation."""
    if schema.components.schemas is not None:
        schema.components.schemas["Problem"] = PROBLEM
    for item in (schema.paths or {}).values():
        for operation in _operations(item):
            kept = {status: told for status, told in (operation.responses or {}).items() if not status.startswith("4")}
            operation.responses = {**kept, "default": REFUSAL}


def _operations(item: PathItem) -> list[Operation]:
    return [operation for method in METHODS if (operation := getattr(item, method)) is not None]
