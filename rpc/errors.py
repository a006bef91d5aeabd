"""What a call can answer instead of a result. The docstring of a class is its default message."""

import inspect
from collections.abc import Mapping
from typing import ClassVar


class Error(Exception):
    """The call failed."""

    # code is for programs, status is HTTP's and number is JSON-RPC's. A subclass without a docstring speaks
    # in the words of its parent.
    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    number: ClassVar[int] = -32000
    _words: ClassVar[str] = "The call failed."

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.__doc__:
            cls._words = inspect.cleandoc(cls.__doc__)

    def __init__(self, message: str = "", **data: object) -> None:
        super().__init__(message or self._words)
        self.data = data


class ParseError(Error):
    """The request is not valid JSON."""

    code, status, number = "parse_error", 400, -32700


class InvalidRequest(Error):
    """The request is not a JSON-RPC 2.0 request."""

    code, status, number = "invalid_request", 400, -32600


class MethodNotFound(Error):
    """There is no such method."""

    code, status, number = "method_not_found", 404, -32601


class Invalid(Error):
    """Some of this is not right."""

    code, status, number = "invalid", 422, -32602

    def __init__(self, message: str = "", *, fields: Mapping[str, str] | None = None, **data: object) -> None:
        """`fields` maps an argument to a sentence for the person who gave it."""
        self.fields = dict(fields or {})
        super().__init__(message, fields=self.fields, **data)


class Internal(Error):
    """Something went wrong on our side. Name the request id when you report it."""

    code, status, number = "internal", 500, -32603


class Unauthenticated(Error):
    """Sign in first."""

    code, status, number = "unauthenticated", 401, -32001


class Forbidden(Error):
    """You may not do this."""

    code, status, number = "forbidden", 403, -32003


class NotFound(Error):
    """There is no such thing."""

    code, status, number = "not_found", 404, -32004


class Conflict(Error):
    """Somebody else has changed this. Read it again."""

    code, status, number = "conflict", 409, -32009


class TooLarge(Error):
    """This is too large."""

    code, status, number = "too_large", 413, -32013


class TooMany(Error):
    """Too many requests. Wait a little."""

    code, status, number = "too_many", 429, -32029

    def __init__(self, message: str = "", *, retry_after: int = 60, **data: object) -> None:
        """`retry_after` is in seconds."""
        self.retry_after = retry_after
        super().__init__(message, retry_after=retry_after, **data)


class Unavailable(Error):
    """This cannot be done right now. Try again in a moment."""

    code, status, number = "unavailable", 503, -32050

    def __init__(self, message: str = "", *, retry_after: int = 5, **data: object) -> None:
        """`retry_after` is in seconds."""
        self.retry_after = retry_after
        super().__init__(message, retry_after=retry_after, **data)
