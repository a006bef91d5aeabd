"""How the web edge is served, wherever that is."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from seldesk.layers import SettingsError

LARGEST_HEAD = 64 * 1024
log = structlog.get_logger()


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's parser of C keeps a head that never ends, however long it grows and however slowly it comes.

    Counted is what has come in since anything came of it: a whole head, a part of a body, an end. That bounds
    trailers and the extensions of chunks as well.
    """

    head_seconds = 30.0
    _idle = 0
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._idle += len(data)
        super().data_received(data)
        if self._idle > LARGEST_HEAD and not self.transport.is_closing():
            log.warning("http.head_without_end", bytes=self._idle)
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._wait()

    def on_headers_complete(self) -> None:
        self._idle = 0
        self._arrived()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._idle = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._idle = 0
        super().on_message_complete()

    def _wait(self) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(self.head_seconds, self._give_up)

    def _arrived(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        self.transport.close()


class Server(uvicorn.Server):
    """Leaves the signals to whoever runs all parts of the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def usable_port(host: str, port: int) -> Iterator[None]:
    """A port that is taken, or not for everybody, is a SettingsError."""
    try:
        yield
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else error
        raise SettingsError(f"Port {port} of {host} cannot be used ({why}).") from error


def listening(host: str, port: int) -> socket.socket:
    """A socket for Server.serve, which by itself would end the process where the port is taken. OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def http_server(web: ASGIApp, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        web,
        host=host,
        port=port,
        http=BoundedHttp,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=20,
    )
