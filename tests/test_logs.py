import io
import json
import logging
from typing import Any

import pytest
import structlog

from seldesk.logs import LONGEST, configure

pytestmark = pytest.mark.usefixtures("logs_as_before")


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def as_json(stream: io.StringIO) -> io.StringIO:
    configure("info", console=False, stream=stream)
    return stream


@pytest.fixture
def as_text(stream: io.StringIO) -> io.StringIO:
    configure("info", console=True, stream=stream)
    return stream


def log() -> Any:
    return structlog.get_logger("seldesk.test")


def only(stream: io.StringIO) -> dict[str, Any]:
    (line,) = stream.getvalue().splitlines()
    return dict(json.loads(line))


@pytest.mark.asvs("V16.2.1", "V16.2.2", "V16.2.4")
def test_a_line_says_when_what_and_for_whom(as_json: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="r1", customer="acme"):
        log().info("ticket answered", number=7)
    line = only(as_json)
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "ticket answered",
        "level": "info",
        "logger": "seldesk.test",
        "number": 7,
        "request_id": "r1",
        "customer": "acme",
    }


@pytest.mark.asvs("V16.2.3")
def test_whatever_is_said_goes_to_the_one_stream_that_was_given(as_json: io.StringIO) -> None:
    """And nowhere else: how long it lasts there is the operator's to see to."""
    log().info("ours")
    for library in ("uvicorn.error", "asyncio", "sqlalchemy.engine"):
        logging.getLogger(library).warning("a library's")
        assert not _own(logging.getLogger(library))
    assert len(as_json.getvalue().splitlines()) == 4
    # Beside those of the program that runs the tests.
    (only_one,) = _own(logging.getLogger())
    assert only_one.stream is as_json


def _own(logger: logging.Logger) -> list[logging.StreamHandler[Any]]:
    return [one for one in logger.handlers if type(one) is logging.StreamHandler]


def test_below_the_level_nothing_is_said(as_json: io.StringIO) -> None:
    log().debug("details")
    assert as_json.getvalue() == ""


SECRETS = [
    "password",
    "new_password",
    "api_token",
    "Set-Cookie",
    "Authorization",
    "client_secret",
    "body",
    "credential",
]


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("console", [True, False])
def test_a_secret_is_not_written_down_however_deep(stream: io.StringIO, name: str, console: bool) -> None:
    configure("info", console=console, stream=stream)
    log().info("event", **{name: "hunter2"}, inner={"list": [{name: "hunter2"}]})
    assert "hunter2" not in stream.getvalue()
    assert stream.getvalue().count("[redacted]") == 2


FORGED = "x\r\n12:00:00 info forged\x1b[31m\x9b2J\u2028\u202e"


@pytest.mark.asvs("V16.4.1")
@pytest.mark.parametrize("console", [True, False])
def test_no_value_can_forge_a_line_or_steer_a_terminal(stream: io.StringIO, console: bool) -> None:
    configure("info", console=console, stream=stream)
    log().info(FORGED, subject=FORGED, inner={FORGED: [FORGED]})
    logging.getLogger("library").warning("said %s", FORGED)
    written = stream.getvalue()
    assert len(written.splitlines()) == 2
    assert all(character.isprintable() or character == "\n" for character in written)


def test_in_plain_text_an_error_cannot_begin_a_line(as_text: io.StringIO) -> None:
    try:
        raise ValueError(FORGED)
    except ValueError:
        log().exception("failed")
    first, *rest = as_text.getvalue().rstrip("\n").split("\n")
    assert " error   failed" in first
    assert all(line.startswith("    | ") for line in rest)


@pytest.mark.parametrize("console", [True, False])
def test_a_traceback_shows_where_but_no_locals(stream: io.StringIO, console: bool) -> None:
    configure("info", console=console, stream=stream)

    def sign_in(given: str) -> None:
        raise ValueError("no such person")

    try:
        sign_in("".join(["hun", "ter2"]))
    except ValueError:
        log().exception("failed")
    assert "no such person" in stream.getvalue()
    assert "sign_in" in stream.getvalue()
    assert "hunter2" not in stream.getvalue()


def test_a_long_value_is_cut(as_json: io.StringIO) -> None:
    log().info("event", subject="x" * 10 * LONGEST)
    assert len(only(as_json)["subject"]) == LONGEST + 1


def test_libraries_say_only_what_is_wrong(as_json: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").info("GET /invitation/abc")
    assert as_json.getvalue() == ""
    logging.getLogger("asyncio").warning("slow")
    assert only(as_json)["event"] == "slow"


def test_what_is_not_json_is_written_as_text(as_json: io.StringIO) -> None:
    log().info("event", value=object, raw=b"\x00")
    assert only(as_json)["value"] == "<class 'object'>"
