"""A helpdesk of a few methods, without a database: its transaction only writes down what happened."""

import enum
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

import rpc
from rpc import Kind
from rpc.once import NoAnswers

AGENTS = (Kind.PERSON, Kind.TOKEN)


@dataclass(frozen=True)
class Somebody:
    """Who a credential turns out to be."""

    kind: Kind
    permissions: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def knows(self, permission: str) -> bool:
        return permission in self.permissions | self.known


class Driver(Exception):
    """What a library below would raise: connection to 10.0.0.7 refused."""


class Missing(Exception):
    pass


class Priority(enum.StrEnum):
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Reply:
    number: int
    body: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    name: rpc.Line
    values: list[str]
    since: datetime | None = None

    def __post_init__(self) -> None:
        if self.name == "password_hash":
            raise ValueError("Nothing is known by this name.")


class Turn(Struct, tag="turn", rename="camel"):
    new_status: Literal["open", "solved"]


class Give(Struct, tag="give"):
    to: UUID


@rpc.public("reply", kinds=AGENTS)
async def reply(caller: Somebody, number: rpc.Int4, body: rpc.Text) -> Reply:
    """Answer the requester."""
    return Reply(number, body)


@rpc.public("search", kinds=(Kind.PERSON,), reads=True)
async def search(caller: Somebody, conditions: list[Condition], limit: int = 50) -> list[str]:
    return [condition.name for condition in conditions][:limit]


@rpc.public("update", kinds=(Kind.PERSON,))
async def update(
    caller: Somebody,
    id: UUID,
    priority: Priority = Priority.LOW,
    status: Literal["open", "solved"] = "open",
    due: datetime | None = None,
    day: date | None = None,
    tags: list[str] | UnsetType = UNSET,
    fields: dict[str, str | int | bool | None] | None = None,
    weight: float = 1.0,
    urgent: bool = False,
    title: str | UnsetType | None = UNSET,
    levels: dict[int, str] | None = None,
    watchers: set[UUID] | None = None,
    pair: tuple[int, str] | None = None,
    parts: tuple[int, ...] | None = None,
) -> dict[str, Any]:
    return {name: value for name, value in locals().items() if name != "caller" and value is not UNSET}


@rpc.public("apply", kinds=(Kind.PERSON,))
async def apply(caller: Somebody, steps: list[Turn | Give]) -> list[str]:
    return [type(step).__name__ for step in steps]


@rpc.public("attach", kinds=AGENTS)
async def attach(
    caller: Somebody,
    files: Annotated[list[rpc.Upload], Meta(max_length=3)],
    number: int = 0,
    thumbnail: bytes = b"",
) -> list[int]:
    return [*(len(file.content) for file in files), len(thumbnail), number]


@rpc.public(None, kinds=(Kind.ANONYMOUS,))
async def sign_in(caller: Somebody, email: rpc.Line, password: str) -> str:
    return str(caller.kind)


@rpc.public("work", kinds=(Kind.JOB,), realm="control")
async def sweep(caller: Somebody) -> None:
    """Tidy up."""


METHODS: Sequence[rpc.Method[..., Any]] = (reply, search, update, apply, attach, sign_in, sweep)

ANN = Somebody(Kind.PERSON, frozenset({"reply", "search", "update", "apply", "attach"}), known=frozenset({"settings"}))
CLEO = Somebody(Kind.PERSON)
PERSON = rpc.Credential(kind=Kind.PERSON, place="acme", secret="cookie", request_id="r-1")


@dataclass
class Desk:
    """A dispatcher with what happened in it. `caller` is who every credential belongs to."""

    methods: Sequence[rpc.Method[..., Any]] = METHODS
    caller: Somebody = ANN
    limits: rpc.Limits = rpc.Limits()
    happened: list[str] = field(default_factory=list)
    seen: list[rpc.Observation] = field(default_factory=list)
    fails: dict[str, Exception] = field(default_factory=dict)  # at "begin", "identify", "record" or "commit"
    answers: rpc.Answers = field(default_factory=NoAnswers)
    told: list[tuple[str, Somebody, dict[str, object], object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dispatcher = rpc.Dispatcher(
            self.methods,
            transaction=self.transaction,
            identify=self.identify,
            translate=self.translate,
            observe=self.seen.append,
            record=self.record,
            witness=self.witness,
            limits=self.limits,
            answers=self.answers,
        )

    @asynccontextmanager
    async def transaction(self, method: rpc.Method[..., Any], credential: rpc.Credential) -> AsyncIterator[None]:
        self.happen(f"begin {method.realm}", "begin")
        try:
            yield
            self.happen("commit", "commit")
        except BaseException as error:
            self.happened.append(f"rollback {type(error).__name__}")
            raise

    @asynccontextmanager
    async def witness(
        self, method: rpc.Method[..., Any], credential: rpc.Credential, arguments: Mapping[str, object]
    ) -> AsyncIterator[None]:
        if not credential.acting:
            yield
            return
        self.happen(f"attempt {dict(arguments)}", "attempt")
        try:
            yield
        finally:
            self.happen("outcome", "outcome")

    async def identify(self, method: rpc.Method[..., Any], credential: rpc.Credential) -> Somebody:
        self.happen("identify", "identify")
        return self.caller

    async def record(
        self, method: rpc.Method[..., Any], caller: Somebody, arguments: Mapping[str, object], result: object
    ) -> None:
        if "record" in self.fails:
            raise self.fails["record"]
        self.told.append((method.name, caller, dict(arguments), result))

    def happen(self, what: str, step: str) -> None:
        if step in self.fails:
            raise self.fails[step]
        self.happened.append(what)

    def translate(self, error: Exception) -> rpc.Error | None:
        return rpc.NotFound() if isinstance(error, Missing) else None

    async def answer(self, name: str, **params: object) -> Any:
        return await self.dispatcher.answer(PERSON, name, params)

    async def refusal(self, name: str, params: dict[str, object]) -> dict[str, str]:
        """The sentences that are answered to arguments which must be refused, and that nothing was opened."""
        try:
            await self.dispatcher.answer(PERSON, name, params)
        except rpc.Invalid as error:
            assert self.happened == []
            return error.fields
        raise AssertionError(f"{name} accepted {params}")

    @property
    def call(self) -> rpc.Call:
        return self.dispatcher.calling(PERSON)
