"""Who can sign in to the demo town, as a viewer."""

from base.viewer import Role, Viewer
from demo import DemoAccount
from sharing.sign_in import sessions, sign_in
from tests.conftest import Template

Built = tuple[Template, tuple[DemoAccount, ...]]

OAKFOLD = "Oakfold Primary School"


async def viewer_of(account: DemoAccount) -> Viewer:
    """By signing in as it says."""
    found = await sessions.viewer_of(await sign_in.sign_in(account.email, account.password, from_address="127.0.0.1"))
    assert found is not None
    return found


def the(accounts: tuple[DemoAccount, ...], role: Role, school: str = OAKFOLD) -> DemoAccount:
    (found,) = (account for account in accounts if (account.role, account.school) == (role, school))
    return found
