"""Commands that are imported when they are called, so that each of them starts without the rooms of all the others."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import click

# What every command must be told before it writes to a trail: whose a trail is, and what suppliers are called.
TOLD: Final = "vouch.naming"

NEW: Final = 5_000  # things made and not let go of, before the new ones are looked through; Python's own number is 700


@contextmanager
def all_of_it_stays() -> Iterator[None]:
    """What is imported or put together here, which Python's collector of garbage needn't look through: a sixth of the time.

    What comes after is looked through less often than Python would: a page makes a few thousand things and lets go of them.
    What is there at one look is looked through again later, and at last with all that was learned since the start, which takes
    as long as a page.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(NEW)
        gc.enable()


@dataclass(frozen=True, slots=True)
class Later:
    """``place`` is "module:name"; ``line`` what its group's help says of it, which is the first sentence of its own help."""

    place: str
    line: str
    compares: bool = False  # holds the trail against the rows of every slice, and so has to know them

    def command(self) -> click.Command:
        module, _, name = self.place.partition(":")
        with all_of_it_stays():
            import_module("vouch.wiring" if self.compares else TOLD)
            found: click.Command = getattr(import_module(module), name)
        return found


class LaterGroup(click.Group):
    """A group of commands in other modules, by what people type, beside those that were added to it."""

    def __init__(self, *args: Any, later: Mapping[str, Later], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.later = later

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self.commands, *self.later})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.later and cmd_name not in self.commands:
            self.add_command(self.later[cmd_name].command(), cmd_name)
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Raises UsageError for a command that there isn't, which says where one of that name is."""
        if args and self.get_command(ctx, args[0]) is None:
            places = list(_places(ctx.find_root().command, args[0], ctx.find_root().info_name or ""))
            if places:
                ctx.fail(f"No such command '{args[0]}'. It is: {', '.join(places)}.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        lines = {name: one.line for name, one in self.later.items()}
        lines |= {name: one.get_short_help_str(limit=200) for name, one in self.commands.items() if name not in lines}
        with formatter.section("Commands"):
            formatter.write_dl(sorted(lines.items()))


def _places(group: click.Command, name: str, typed: str) -> Iterator[str]:
    """What to type for each command of this name in the group and those below, without importing one."""
    if isinstance(group, LaterGroup):
        if name in {*group.later, *group.commands}:
            yield f"{typed} {name}"
        for below, command in group.commands.items():
            yield from _places(command, name, f"{typed} {below}")
