"""Where no school has a word, over JSON: the same counts as the page."""

from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.params import QueryParameter

from base.viewer import KeyScope
from suppliers.coverage.coverage import ByKind, coverage
from web.pages.handlers import CurrentViewer

OTHER: Final = "other"  # schools of which the register does not say what kind they are


class NeedCoverageOut(msgspec.Struct, frozen=True, kw_only=True):
    """``schools``: how many have spoken of a supplier for the need; ``by_kind``: by kind of school, without noughts."""

    category: str
    name: str
    group: str
    schools: int
    by_kind: dict[str, int]


class AuthorityCoverageOut(msgspec.Struct, frozen=True, kw_only=True):
    """``needs``: of how many schools have spoken, ``by_kind`` those of one kind. ``network`` is what to ask for to read which."""

    network: UUID | None
    name: str
    needs: int
    by_kind: dict[str, int]


class CoverageOut(msgspec.Struct, frozen=True, kw_only=True):
    """``needs`` has every need there is; ``authorities`` only those in which a school has spoken, and where all schools were
    asked for, ``silent`` names the others. ``schools`` are the open ones of the network, and how many of these use Vouch; null
    where all schools were asked for.
    """

    name: str
    schools: int | None
    on_vouch: int | None
    needs: tuple[NeedCoverageOut, ...]
    authorities: tuple[AuthorityCoverageOut, ...]
    silent: tuple[str, ...]


_NETWORK: Final = "A local authority's, as `authorities` tells it, or one that your school is in; all schools when left out"
_EVERYONE: Final = "Count what schools share with every school, not what yours hears from others"


@get("/coverage", operation_id="getCoverage", summary="Of which needs has no school spoken?", key_scope=KeyScope.READ)
async def get_coverage(
    viewer: CurrentViewer,
    network: Annotated[UUID | None, QueryParameter(description=_NETWORK)] = None,
    of_everyone: Annotated[bool, QueryParameter(description=_EVERYONE)] = False,
) -> CoverageOut:
    """Counts of schools by need, kind of school and local authority. A school counts once for a need, however many suppliers it
    speaks of; what you may not hear is not counted.
    """
    found = await coverage(viewer, network, of_everyone=of_everyone)
    return CoverageOut(
        name=found.scope.name,
        schools=found.schools,
        on_vouch=found.on_vouch,
        needs=tuple(
            NeedCoverageOut(
                category=one.category.slug,
                name=one.category.name,
                group=one.category.group,
                schools=one.schools,
                by_kind=_by_kind(one.by_kind),
            )
            for one in found.needs
        ),
        authorities=tuple(
            AuthorityCoverageOut(network=one.network, name=one.name, needs=one.total, by_kind=_by_kind(one.by_kind))
            for one in found.authorities
        ),
        silent=tuple(one.name for one in found.silent),
    )


def _by_kind(by_kind: ByKind) -> dict[str, int]:
    return {kind.value if kind else OTHER: number for kind, number in by_kind.items()}


api = Router(path="/api/v1", route_handlers=[get_coverage], tags=["Suppliers"])
