"""Whose page a form was sent from. What somebody typed is never saved as a colleague's who signed in at the same browser
meanwhile, nor for another school of theirs than the page was made for.
"""

from typing import Final

from base.refusals import Conflict, SignInNeeded
from base.viewer import Viewer
from web.pages import marks
from web.pages.marks import Typed

ANOTHER_ACCOUNT: Final = "Another account signed in at this browser since the page was opened, so nothing was saved."
ANOTHER_SCHOOL: Final = "You went over to another school since the page was opened, so nothing was saved."


class MadeForAnother(SignInNeeded):
    title = "This page was another account’s"

    def __init__(self) -> None:
        super().__init__(ANOTHER_ACCOUNT)


class MadeAtAnotherSchool(Conflict):
    title = "This page was made for another school"

    def __init__(self) -> None:
        super().__init__(ANOTHER_SCHOOL)


def require(typed: Typed, viewer: Viewer | None) -> None:
    """Raises MadeForAnother, MadeAtAnotherSchool. A form without marks is no page of ours, one of nobody's page is anybody's."""
    if viewer is None or not typed.by:
        return
    if typed.by != marks.whose(viewer):
        raise MadeForAnother
    if is_of_another_school(typed, viewer):
        raise MadeAtAnotherSchool


def is_of_another_school(typed: Typed, viewer: Viewer) -> bool:
    return typed.by == marks.whose(viewer) and bool(typed.school) and typed.school != str(viewer.school)
