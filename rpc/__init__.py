"""Public methods as values, called by name or typed, each in one transaction.

`rpc.http` and `rpc.testing` are imported by those who need them.
"""

from rpc.caller import Caller, Credential, Kind
from rpc.dispatcher import Call, Dispatcher, Observation
from rpc.errors import (
    Conflict,
    Error,
    Forbidden,
    Internal,
    Invalid,
    InvalidRequest,
    MethodNotFound,
    NotFound,
    ParseError,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from rpc.limits import Blob, Int4, Int8, Limits, Line, Text, Upload
from rpc.method import Method, public
from rpc.once import Answers, KeyReused, Once

__all__ = [
    "Answers",
    "Blob",
    "Call",
    "Caller",
    "Conflict",
    "Credential",
    "Dispatcher",
    "Error",
    "Forbidden",
    "Int4",
    "Int8",
    "Internal",
    "Invalid",
    "InvalidRequest",
    "KeyReused",
    "Kind",
    "Limits",
    "Line",
    "Method",
    "MethodNotFound",
    "NotFound",
    "Observation",
    "Once",
    "ParseError",
    "Text",
    "TooLarge",
    "TooMany",
    "Unauthenticated",
    "Unavailable",
    "Upload",
    "public",
]
