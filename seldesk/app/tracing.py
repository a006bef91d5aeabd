"""Whether this process tells of its calls to a collector of traces."""

import importlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from starlette.types import ASGIApp

from seldesk.layers import SettingsError
from seldesk.settings import Traces


class Tracing(Protocol):
    def call(self, method: str, kind: str) -> AbstractContextManager[None]: ...
    def around(self, web: ASGIApp) -> ASGIApp: ...
    def close(self) -> None: ...


class Untraced:
    @contextmanager
    def call(self, method: str, kind: str) -> Iterator[None]:
        yield

    def around(self, web: ASGIApp) -> ASGIApp:
        return web

    def close(self) -> None:
        pass


def tracing(settings: Traces) -> Tracing:
    """By name: what it needs is not there where nobody wants traces."""
    if not settings.endpoint:
        return Untraced()
    try:
        made: Tracing = importlib.import_module("seldesk.app.traces").Tracing(settings)
    except ModuleNotFoundError as error:
        raise SettingsError(f'traces.endpoint needs `pip install "seldesk[traces]"`: {error}.') from None
    return made
