"""The types that handlers of pages and of the API name over and over."""

from typing import Annotated, Any

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from base import cursor as cursors
from base.viewer import Viewer

AnyRequest = Request[Any, Any, Any]
CurrentViewer = NamedDependency[Viewer]
Cursor = Annotated[str, QueryParameter(max_length=cursors.LONGEST)]
