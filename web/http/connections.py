"""One connection of a client: for how long it may keep us waiting, and how many of them one address may hold.

Uvicorn watches only the pause between two requests. Bodies have deadlines of their own, in bodies.py.
"""

import asyncio
import ipaddress
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from web.http.gate import is_trusted

HEADER_SECONDS: Final = 20  # from the first byte to the last of what stands before a body, and to send what nobody reads
READ_SECONDS: Final = 60  # in which a client must take some of the answer that waits for it
OF_ONE_ADDRESS: Final = 250  # a quarter of all: a whole school behind one address has fewer at a time

Answer = tuple[str, str]
TOO_SLOW: Final = ("408 Request Timeout", "That did not arrive in time. Try again.")
TOO_MANY: Final = ("503 Service Unavailable", "Too many connections from your address at once. Try again in a minute.")


def protocol(trusted_proxies: tuple[str, ...]) -> Any:
    """For uvicorn's ``http``. Proxies that we trust speak for many, so no number of theirs is too many."""
    return partial(Connection, trusted_proxies=trusted_proxies)


class Connection(H11Protocol):
    def __init__(self, *args: Any, trusted_proxies: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = ""
        self._trusted_proxies = trusted_proxies
        self._until_sent: asyncio.TimerHandle | None = None  # the client owes us something
        self._until_read: asyncio.TimerHandle | None = None  # we wait for the client to take something

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]  # a stream's, as uvicorn knows too
        self.address = network_of(self.client[0]) if self.client else ""
        if self.address and not is_trusted(self.client[0] if self.client else "", self._trusted_proxies):
            others = sum(getattr(other, "address", "") == self.address for other in self.connections)  # itself among them
            if others > OF_ONE_ADDRESS:
                return self._end(TOO_MANY)
        self._until_sent = self._later(HEADER_SECONDS, self._end_slow)
        return None

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._is_owed():
            self._forget(sent=True)
        elif self._until_sent is None:
            self._until_sent = self._later(HEADER_SECONDS, self._end_slow)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._until_read = self._later(READ_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._forget(sent=False)

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget(sent=True)
        super().connection_lost(exc)
        self._forget(sent=False)

    def _is_owed(self) -> bool:
        """Something of a request has come that nobody can work on yet, or of a body that nobody wants any more."""
        theirs = self.conn.their_state
        return theirs is h11.IDLE or (theirs is h11.SEND_BODY and self.conn.our_state is h11.DONE)

    def _later(self, seconds: float, work: Callable[[], None]) -> asyncio.TimerHandle:
        return self.loop.call_later(seconds, work)

    def _forget(self, *, sent: bool) -> None:
        timer = self._until_sent if sent else self._until_read
        if timer is not None:
            timer.cancel()
        if sent:
            self._until_sent = None
        else:
            self._until_read = None

    def _end_slow(self) -> None:
        """Says so to whoever sent half a request; a connection that was only opened ahead closes without a word."""
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._end(TOO_SLOW)
        else:
            self.transport.close()

    def _end(self, answer: Answer) -> None:
        status, sentence = answer
        body = sentence.encode()
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        self.transport.write(f"{head}Retry-After: 60\r\nConnection: close\r\n\r\n".encode() + body)
        self.transport.close()


def network_of(address: str) -> str:
    """What one household or host has: an IPv4 address, or 64 bits of IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))
