"""How far long work is, told to whoever started it: a command shows a bar, and nobody else asks."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

# Given what is done and how many of it there are, opens what is called with each further number of things done.
Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]


@contextmanager
def no_progress(_doing: str, _total: int) -> Iterator[Callable[[int], None]]:
    yield lambda _: None
