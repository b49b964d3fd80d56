"""What `web` has to be told of the site that it serves: the slices' menus, addresses and folders. `vouch/wiring.py` tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from base.viewer import Role, Viewer


@dataclass(frozen=True, slots=True)
class Section:
    """One line of a menu. The page at ``href`` belongs to it and all below, and so does whatever lies at or below ``also``."""

    href: str
    text: str
    also: tuple[str, ...] = ()

    def top_of(self, path: str) -> str | None:
        """The longest address of this section at or below which ``path`` lies; None where it does not belong here.

        Every path is below that of the home page, which holds only itself.
        """
        if self.href == "/":
            return "/" if path == "/" else None
        tops = [top for top in (self.href, *self.also) if f"{path}/".startswith(f"{top}/")]
        return max(tops, key=len, default=None)


@dataclass(frozen=True, eq=False)  # there is one, and what is made from it is kept by its identity
class Site:
    templates: tuple[Path, ...]  # the slices' folders; of templates with one name, web's own comes first
    scripts: tuple[Path, ...]  # files served under /static/ beside web's own, each after those that it imports
    menus: Mapping[Role, tuple[Section, ...]]  # one for every role
    operators: tuple[Section, ...]  # after those of their role
    footer: tuple[tuple[str, str], ...]  # (address, text) of the links before those to web's own pages
    account: str
    switch_school: str
    sign_in: str  # takes ?next=, the path to go on to
    sign_in_page: str  # its template, which is told what was typed before: `kept`, sealed, or why it is `lost`
    sign_out: str
    takes_files: frozenset[str]  # where one of these is a part of the path, a request may be as large as a file
    api_example: str  # path and query of a question that a program may ask

    def menu_of(self, viewer: Viewer) -> tuple[Section, ...]:
        return self.menus[viewer.role] + (self.operators if viewer.is_operator else ())

    def section_of(self, viewer: Viewer, path: str) -> Section | None:
        """Where the page at ``path`` belongs in the viewer's menu: of two sections, where the nearer address is one's."""
        tops = [(len(top), section) for section in self.menu_of(viewer) if (top := section.top_of(path)) is not None]
        return max(tops, key=lambda one: one[0])[1] if tops else None
