"""The description of the JSON API that programs read, made from the handlers and true about them.

What Litestar can't tell is added here: which refusals an operation knows, what needs no key, which fields are refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from litestar import Litestar, Router
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    Components,
    Contact,
    License,
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
    SecurityScheme,
    Tag,
)
from litestar.plugins import OpenAPISchemaPlugin
from litestar.routes import HTTPRoute
from litestar.typing import FieldDefinition

from base.spreadsheets.writing import TableFormat
from web.pages import sent_once

METHODS: Final = ("get", "post", "put", "patch", "delete")

TAGS: Final = (
    Tag(name="Audit trail", description="Your school's record of all changes, its seals, and packs that an auditor can check."),
    Tag(name="Contracts", description="Your register of contracts: what each says, and what follows from its dates."),
    Tag(name="Enquiries", description="What schools ask each other about suppliers and needs, and answer."),
    Tag(name="Reviews and notes", description="What your school says of suppliers, and what others let you see."),
    Tag(name="Schools", description="Schools of the register, networks, connections and blocks."),
    Tag(name="Sharing", description="Who sees a review or a note of yours."),
    Tag(name="Suppliers", description="Finding, adding, importing and merging suppliers."),
    Tag(name="Your records", description="A copy of all that your school wrote down, and taking one in."),
)

TEXT: Final = Schema(type=OpenAPIType.STRING)
PROBLEM: Final = Schema(
    type=OpenAPIType.OBJECT,
    title="Problem",
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
    additional_properties=False,
)

# Of every POST that does something once, however often it is sent.
KEY: Final = Parameter(
    name=sent_once.HEADER,
    param_in="header",
    required=False,
    description="Yours for this request alone, such as a random UUID. Sent again within a day with the same body, the request "
    "is not done a second time and is answered as the first time; with another body it is 422.",
    schema=Schema(type=OpenAPIType.STRING, min_length=sent_once.SHORTEST, max_length=sent_once.LONGEST + len('""')),
)

# By status: the name of the refusal among the components, and what it means. A server's own words come in the answer.
REFUSALS: Final = {
    "400": ("Unreadable", "What was sent does not have the shape described here."),
    "401": ("SignInNeeded", "There is no key, or it works no longer."),
    "403": ("Forbidden", "Your role, or the key's scopes, may not do this."),
    "404": ("NotFound", "It is not there, or you can't see it: never which of the two."),
    "409": ("Conflict", "Somebody was there first, or things are not as this needs them. Look again, then decide."),
    "413": ("TooLarge", "More than Vouch takes at once."),
    "422": ("Invalid", "The shape is right and the values can't be used; `errors` says which."),
    "428": ("VersionNeeded", "Say in If-Match which version you read."),
    "429": ("TooMany", "Too often. Wait as long as Retry-After says."),
    "500": ("OurFault", "Something went wrong on our side. Quote `instance` when you report it."),
    "503": ("Busy", "Try again after as many seconds as Retry-After says."),
    "default": ("Refusal", "Any other refusal, made before the operation is looked at."),
}


class SeveralOfOneKind(OpenAPISchemaPlugin):
    """``Annotated[tuple[X, ...], Meta(…)]``: Litestar 2.25 takes the dots for a second type, that anything has."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        return field_definition.origin is tuple and any(one.annotation is Ellipsis for one in field_definition.inner_types)

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: object) -> Schema:
        one = field_definition.inner_types[0]
        items = schema_creator.for_field_definition(one)  # type: ignore[attr-defined]
        for limit in one.metadata:  # of each: Litestar reads those of a whole field only
            if isinstance(limit, msgspec.Meta):
                items.max_length, items.minimum, items.maximum = limit.max_length, limit.ge, limit.le
        return Schema(type=OpenAPIType.ARRAY, items=items)


@dataclass
class TakesAFile(Operation):
    """Of a handler that reads ``file`` out of a form by itself."""

    def __post_init__(self) -> None:
        file = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        form = Schema(type=OpenAPIType.OBJECT, properties={"file": file}, required=["file"])
        self.request_body = RequestBody(content={"multipart/form-data": OpenAPIMediaType(schema=form)}, required=True)


@dataclass
class GivesATable(Operation):
    """Of a handler whose answer is a spreadsheet, in each format that may be asked for."""

    def __post_init__(self) -> None:
        file = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        for status, response in (self.responses or {}).items():
            if status == "200" and isinstance(response, OpenAPIResponse):
                response.content = {made_as.media_type: OpenAPIMediaType(schema=file) for made_as in TableFormat}


def config(session_cookie: str) -> OpenAPIConfig:
    """JSON only: the ready-made viewers load scripts from other hosts."""
    bearer = SecurityScheme(
        type="http",
        scheme="bearer",
        description="An API key of yours, from the page API keys. Each operation names the scope that the key has to have.",
    )
    session = SecurityScheme(
        type="apiKey", security_scheme_in="cookie", name=session_cookie, description="Somebody who signed in with a browser."
    )
    return OpenAPIConfig(
        title="Vouch",
        version="1",
        description="Find suppliers that other schools vouch for, share only what you choose, and check the trail.",
        contact=Contact(name="Whoever runs this installation: its page /about/privacy says who"),
        license=License(name="MIT", identifier="MIT"),
        tags=list(TAGS),
        components=Components(security_schemes={"apiKey": bearer, "session": session}),
        security=[{"apiKey": []}],
        use_handler_docstrings=True,
        # A path of its own, because Litestar answers every unknown path beside it with its own 404 page.
        openapi_router=Router(
            "/api/v1/openapi.json", route_handlers=[], include_in_schema=False, dto=None, return_dto=None, opt={"public": True}
        ),
        render_plugins=[JsonRenderPlugin(path="/")],
    )


def complete(app: Litestar) -> None:
    """Adds to the description of ``app`` what holds of every operation of ours."""
    described = app.openapi_schema
    components = described.components
    components.schemas["Problem"] = PROBLEM
    for name in _refusing_unknown_fields() & components.schemas.keys():
        components.schemas[name].additional_properties = False
    for schema in components.schemas.values():
        _say_lengths(schema)
    used: set[str] = set()
    for operation, handler in _operations(app):
        used |= _complete(operation, handler)
    components.responses = {name: _refusal(words) for status, (name, words) in REFUSALS.items() if status in used}


def methods_of(app: Litestar) -> dict[str, frozenset[str]]:
    """By the template of each path, all methods that it answers."""
    found: dict[str, frozenset[str]] = {}
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            told = {str(method) for handler in route.route_handlers for method in handler.http_methods}
            more = {"HEAD"} if "GET" in told else set()  # answered around the application, wherever GET is
            found[route.path_format] = found.get(route.path_format, frozenset()) | told | more
    return found


def _operations(app: Litestar) -> Iterator[tuple[Operation, HTTPRouteHandler]]:
    paths = app.openapi_schema.paths or {}
    for route in app.routes:
        if isinstance(route, HTTPRoute) and route.path_format in paths:
            for handler in route.route_handlers:
                for method in METHODS:
                    if method.upper() in handler.http_methods and (operation := getattr(paths[route.path_format], method)):
                        yield operation, handler


def _complete(operation: Operation, handler: HTTPRouteHandler) -> set[str]:
    """Returns the statuses that it is refused with."""
    if "POST" in handler.http_methods and handler.opt.get("once", True):
        operation.parameters = [*(operation.parameters or ()), KEY]
    is_public = bool(handler.opt.get("public"))
    _say_who_may(operation, handler.opt)
    for shown in _contents(operation):
        if shown.schema == Schema():  # a stream: a file of which Litestar knows the type alone
            shown.schema = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
    answers = {status: one for status, one in (operation.responses or {}).items() if not status.startswith("4")}
    for parameter in _parameters(operation):
        if parameter.name == "If-Match" and handler.opt.get("needs_version"):
            parameter.required = True  # of the handler it is not: what is missing is said in a sentence
        _never_null(parameter)
    known = tuple(_refused_with(operation, changes=handler.opt.get("leaves") is not None, is_public=is_public))
    refusals = {status: Reference(ref=f"#/components/responses/{REFUSALS[status][0]}") for status in known}
    operation.responses = {**answers, **refusals}
    return set(known)


def _say_who_may(operation: Operation, opt: Mapping[str, Any]) -> None:
    """Which scope of a key it needs: what the route declares in the option ``key_scope``."""
    scope = opt.get("key_scope")
    if opt.get("public"):
        operation.security, told = [], "No key is needed."
    elif scope is None:
        operation.security, told = [{"session": []}], "No API key does this: sign in with a browser."
    else:
        operation.security, told = [{"apiKey": [str(scope)]}, {"session": []}], f"A key needs the scope `{scope}`."
    operation.description = f"{operation.description or ''}\n\n{told}".strip()


def _refused_with(operation: Operation, *, changes: bool, is_public: bool) -> Iterator[str]:
    """The statuses of the refusals that this operation knows, in order."""
    is_asked = bool(_parameters(operation) or operation.request_body)
    if is_asked:
        yield "400"
    if not is_public:
        yield from ("401", "403")
    if not is_public or is_asked:
        yield "404"
    if changes:
        yield "409"
    if operation.request_body:
        yield "413"
    if is_asked or changes:
        yield "422"
    if any(one.name == "If-Match" and one.required for one in _parameters(operation)):
        yield "428"
    yield from ("429", "500", "503", "default")


def _parameters(operation: Operation) -> list[Parameter]:
    return [one for one in operation.parameters or () if isinstance(one, Parameter)]


def _never_null(parameter: Parameter) -> None:
    """What stands in an address or a header is left out, where a field would be null."""
    schema = parameter.schema
    kinds = schema.one_of if isinstance(schema, Schema) else None
    left = [one for one in kinds or () if isinstance(one, Schema) and one.type is not OpenAPIType.NULL]
    if isinstance(schema, Schema) and len(left) == 1:
        schema.one_of, schema.type, schema.format = None, left[0].type, left[0].format


def _contents(operation: Operation) -> Iterator[OpenAPIMediaType]:
    for one in (operation.responses or {}).values():
        if isinstance(one, OpenAPIResponse):
            yield from (one.content or {}).values()


def _refusal(words: str) -> OpenAPIResponse:
    shown = OpenAPIMediaType(schema=Reference(ref="#/components/schemas/Problem"))
    return OpenAPIResponse(description=words, content={"application/problem+json": shown})


def _say_lengths(schema: object) -> None:
    """A tuple of so many alike, such as two days, is a list of that length: Litestar leaves open how many may follow."""
    if not isinstance(schema, Schema):
        return
    alike = schema.prefix_items or ()
    if alike and all(one == alike[0] for one in alike):
        schema.items, schema.prefix_items = alike[0], None
        schema.min_items = schema.max_items = len(alike)
    within = [*(schema.properties or {}).values(), *(schema.one_of or ()), schema.items, schema.additional_properties]
    for one in within:
        _say_lengths(one)


def _refusing_unknown_fields() -> set[str]:
    return {one.__name__ for one in _structs(msgspec.Struct) if one.__struct_config__.forbid_unknown_fields}


def _structs(of: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for one in of.__subclasses__():
        yield one
        yield from _structs(one)
