"""Logs: one line for each event, JSON for programs, plain text on a developer's own machine.

What belongs to a call is bound once: structlog.contextvars.bound_contextvars(request_id=..., customer=...).
"""

import logging
from collections.abc import Mapping, Sequence
from typing import TextIO

import structlog
from structlog.stdlib import LoggerFactory, ProcessorFormatter
from structlog.tracebacks import ExceptionDictTransformer
from structlog.types import EventDict, Processor, WrappedLogger

SECRET = ("password", "passwd", "secret", "token", "cookie", "authorization", "credential", "body")
OURS = ("seldesk", "rpc", "orm")
LONGEST = 2000
DEEPEST = 4
# Locals would show passwords and mail in tracebacks.
FRAMES = ExceptionDictTransformer(show_locals=False, max_frames=30)


def configure(level: str, *, console: bool, stream: TextIO) -> None:
    """Everything that is logged in this process, by us or by a library, goes to the stream through here."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    plain: list[Processor] = [structlog.processors.format_exc_info, without_secrets, _console]
    as_json: list[Processor] = [
        structlog.processors.ExceptionRenderer(FRAMES),
        without_secrets,
        structlog.processors.JSONRenderer(ensure_ascii=True, sort_keys=True),
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[ProcessorFormatter.remove_processors_meta, *(plain if console else as_json)],
        )
    )
    # Of libraries only what is wrong: uvicorn's access log would write down links that open tickets.
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    number = logging.getLevelNamesMapping()[level.upper()]
    for name in OURS:
        logging.getLogger(name).setLevel(number)
    structlog.configure(
        processors=[*shared, ProcessorFormatter.wrap_for_formatter],
        logger_factory=LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(number),
    )


def without_secrets(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """A name that sounds like a secret loses its value, wherever it stands; a long value loses its tail."""
    return {key: _safe(key, value, DEEPEST) for key, value in event.items()}


def _safe(key: str, value: object, depth: int) -> object:
    if any(word in key.lower() for word in SECRET):
        return "[redacted]"
    if value is None or isinstance(value, bool | int | float):
        return value
    if key == "exception" and depth == DEEPEST:
        return value  # whole, since its end says most; it holds no locals
    if depth and isinstance(value, Mapping):
        return {str(name): _safe(str(name), inner, depth - 1) for name, inner in value.items()}
    if depth and isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes):
        return [_safe("", inner, depth - 1) for inner in value]
    text = str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _console(_logger: WrappedLogger, _name: str, event: EventDict) -> str:
    """Plain text in which no value can begin a line or steer the terminal."""
    time, level, said = event.pop("time", ""), event.pop("level", ""), event.pop("event", "")
    traceback = str(event.pop("exception", "")).splitlines()
    pairs = " ".join(f"{_visible(key)}={_visible(value)}" for key, value in event.items())
    head = f"{time[11:19]} {level:<7} {_visible(said)}  {pairs}".rstrip()
    return "\n".join([head, *(f"    | {_visible(line)}" for line in traceback)])


def _visible(value: object) -> str:
    text = str(value)
    return text if text.isprintable() else text.encode("unicode_escape").decode()
