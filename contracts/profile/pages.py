"""The page of one contract."""

from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath
from litestar.response import Template

from audit.log.subjects import Subject
from contracts.fields.wording import STATES
from contracts.profile.sections import SECTIONS
from contracts.register import reading, register
from contracts.register.deriving import NO_START
from contracts.register.reading import ContractView
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page


@get("/contracts/{contract_id:uuid}", include_in_schema=False)
async def show_contract(request: AnyRequest, contract_id: FromPath[UUID], viewer: CurrentViewer) -> Template:
    contract = await reading.contract(viewer, contract_id)
    made = [await section(viewer, contract) for section in SECTIONS]
    return page(
        "profile/contract.html",
        request=request,
        viewer=viewer,
        contract=contract,
        sections=[section for section in made if section is not None],
        state=_state(contract),
        may_cover=bool(await register.schools_to_cover(viewer)),
        questions=contract.said.questions if contract.is_ours else (),
        trail=Subject.CONTRACT.of(contract_id),
    )


def _state(contract: ContractView) -> str:
    if contract.outlook is None:
        return ""
    return "Dates not known" if contract.outlook.problem == NO_START else STATES[contract.outlook.state]


pages = Router(path="/", route_handlers=[show_contract])
