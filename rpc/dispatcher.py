"""Every call goes through here: may it, in one transaction, answered after the commit."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, ParamSpec, TypeVar

import msgspec

from rpc.caller import Caller, Credential, Kind
from rpc.describe import discovery
from rpc.errors import Error, Forbidden, Internal, MethodNotFound, Unauthenticated, Unavailable
from rpc.limits import Limits, Upload
from rpc.method import Method
from rpc.once import Answers, KeyReused, NoAnswers, Once, Taken
from rpc.signature import Signature

P = ParamSpec("P")
R = TypeVar("R")
AnyMethod = Method[..., Any]
Arguments = Mapping[str, object]
_NOT_ADMITTED = (Unauthenticated, Forbidden, MethodNotFound)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One call after it ended. `method` is None for a name at which this kind of caller finds nothing.

    `error` is the code that was answered, "cancelled" when nobody waited for an answer any more.
    """

    method: str | None
    kind: Kind
    place: str | None
    request_id: str
    seconds: float
    error: str | None
    exception: BaseException | None


def ignore(observation: Observation) -> None:
    """Observe nothing."""


async def forget(method: AnyMethod, caller: Any, arguments: Arguments, result: object) -> None:
    """Record nothing."""


def unwitnessed(method: AnyMethod, credential: Credential, arguments: Arguments) -> AbstractAsyncContextManager[None]:
    """Nobody stands by."""
    return nullcontext()


class Dispatcher:
    """Runs the methods of a list and no others.

    `transaction` opens what a call happens in and commits on leaving it without an exception; inside of it
    `identify` looks the credential up. `translate` makes an Error of a foreign exception; None stands for
    Internal. `observe` is told of every call once and must not raise. `record` is told of each that has been done,
    inside its transaction: what it writes is committed with the call, and its error undoes the call. `witness` is
    entered before the transaction of a call and left after it, and what it raises is answered instead. `rpc.discover`
    is added, in the realm `discover_in`. `answers` keeps what was answered to calls with a key; without it no key is
    taken.
    """

    def __init__(
        self,
        methods: Iterable[AnyMethod],
        *,
        transaction: Callable[[AnyMethod, Credential], AbstractAsyncContextManager[None]],
        identify: Callable[[AnyMethod, Credential], Awaitable[Caller]],
        translate: Callable[[Exception], Error | None],
        observe: Callable[[Observation], None] = ignore,
        record: Callable[[AnyMethod, Any, Arguments, object], Awaitable[None]] = forget,
        witness: Callable[[AnyMethod, Credential, Arguments], AbstractAsyncContextManager[None]] = unwitnessed,
        limits: Limits = Limits(),
        discover_in: str = "desk",
        answers: Answers = NoAnswers(),  # noqa: B008 - it has no state
    ) -> None:
        self.methods = tuple(methods)
        self.limits = limits
        self._transaction = transaction
        self._identify = identify
        self._translate = translate
        self._observe = observe
        self._record = record
        self._witness = witness
        self._answers = answers
        self._doors: dict[Kind, dict[str, AnyMethod]] = {kind: {} for kind in Kind}
        self._open_doors(discover_in)

    def _open_doors(self, discover_in: str) -> None:
        """One table for each kind, so that a method of another kind is as absent as one that never was."""
        names = [method.name for method in self.methods]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"listed twice: {', '.join(twice)}")
        if reserved := [name for name in names if name.startswith("rpc.")]:
            raise ValueError(f"names that begin with rpc. are reserved: {', '.join(reserved)}")
        for method in (*self.methods, discovery(self.methods, discover_in)):
            for kind in method.kinds:
                self._doors[kind][method.name] = method

    def calling(self, credential: Credential) -> "Call":
        return Call(self, credential)

    async def answer(self, credential: Credential, name: str, params: Mapping[str, object]) -> Any:
        """Call by name with JSON's values and answer JSON's values, as a client of JSON-RPC sees them."""
        return msgspec.json.decode(await self.encoded(credential, name, params))

    async def encoded(
        self,
        credential: Credential,
        name: str,
        params: Mapping[str, object],
        until: float | None = None,
        key: str = "",
    ) -> msgspec.Raw:
        """The same as JSON. `until` is a time of the event loop at which the call has failed; key as in once()."""
        method = self._doors[credential.kind].get(name)
        return await self._observed(credential, method, lambda its: its.from_json(params), _encode, until, key)

    async def call(
        self, credential: Credential, method: Method[..., R], read: Callable[[Signature], dict[str, Any]], key: str = ""
    ) -> R:
        """Call a method with arguments that `read` takes from its signature, and answer what its body did."""
        listed = self._doors[credential.kind].get(method.name)
        found = method if listed is method else None
        return await self._observed(credential, found, read, _as_it_is, None, key)

    async def _observed(
        self,
        credential: Credential,
        method: AnyMethod | None,
        read: Callable[[Signature], dict[str, Any]],
        encode: Callable[[Any], R],
        until: float | None,
        key: str,
    ) -> R:
        started = time.perf_counter()
        code: str | None = "cancelled"
        cause: BaseException | None = None
        try:
            result = encode(await self._perform(credential, method, read, until, key))
            code = None
            return result
        except Exception as error:
            known = self._known(error, credential)
            code, cause = known.code, error
            if known is error:
                raise
            raise known from error
        except BaseException as error:
            cause = error
            raise
        finally:
            self._observe(
                Observation(
                    method=method.name if method else None,
                    kind=credential.kind,
                    place=credential.place,
                    request_id=credential.request_id,
                    seconds=time.perf_counter() - started,
                    error=code,
                    exception=cause,
                )
            )

    async def _perform(
        self,
        credential: Credential,
        method: AnyMethod | None,
        read: Callable[[Signature], dict[str, Any]],
        until: float | None,
        key: str,
    ) -> Any:
        if method is None:
            raise MethodNotFound
        arguments = read(method.signature)
        # What only reads may be done as often as it is sent.
        once = await Once.of(key, method.name, arguments) if key and not method.reads else None
        if until is None:
            until = asyncio.get_running_loop().time() + self.limits.seconds
        async with self._witness(method, credential, arguments):
            return await self._in_time(credential, method, arguments, once, until)

    async def _in_time(
        self, credential: Credential, method: AnyMethod, arguments: dict[str, Any], once: Once | None, until: float
    ) -> Any:
        try:
            # Never wait_for: on Python 3.11 it makes a task, and a session is bound to the task it began in.
            async with asyncio.timeout_at(until) as budget:
                try:
                    return await self._run(credential, method, arguments, once)
                except Exception as error:
                    if once is None or isinstance(error, _NOT_ADMITTED):
                        raise
                    return await self._told_before(credential, method, once, error)
        except Exception as error:
            if budget.expired():
                raise Unavailable("This took too long and was given up.") from error
            raise

    async def _run(
        self, credential: Credential, method: AnyMethod, arguments: dict[str, Any], once: Once | None
    ) -> Any:
        async with self._transaction(method, credential):
            caller = await self._identify(method, credential)
            _admit(caller, method)
            result = await method.body(caller, **arguments)
            await self._record(method, caller, arguments, result)
            if once is not None and not await self._answers.keep(caller, once, msgspec.json.encode(result)):
                raise Taken
        return result

    async def _told_before(self, credential: Credential, method: AnyMethod, once: Once, failure: Exception) -> Any:
        """What the same call was answered before; a first one that just failed is told why.

        Looked for only now, so that the first of them costs no question: what a second one does is undone, by the
        key it finds taken if by nothing else. Its own failure may come of what the first has changed.
        """
        try:
            async with self._transaction(method, credential):
                caller = await self._identify(method, credential)
                _admit(caller, method)
                answer = await self._answers.find(caller, once)
        except KeyReused:
            raise
        except Exception:
            answer = None
        if answer is None:
            raise failure
        return msgspec.json.decode(answer, type=method.signature.result)

    def _known(self, error: Exception, credential: Credential) -> Error:
        if isinstance(error, Error):
            return error
        return self._translate(error) or Internal(request_id=credential.request_id)


class Call:
    """Calls as one caller: `await call(tickets.reply, number=7, body=text)`."""

    def __init__(self, dispatcher: Dispatcher, credential: Credential, key: str = "") -> None:
        self._dispatcher = dispatcher
        self.credential = credential
        self._key = key

    def once(self, key: str) -> "Call":
        """The same, named by a key: a call that was done under it is not done again but answered the same again.

        "" names nothing. KeyReused when the key was another call's.
        """
        return Call(self._dispatcher, self.credential, key)

    def relayed(self, address: str, request_id: str) -> "Call":
        """The same for a request that came from this address and is known by this id."""
        credential = replace(self.credential, address=address, request_id=request_id)
        return Call(self._dispatcher, credential, self._key)

    async def __call__(self, method: Method[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """The values are taken as they are, and held to the same limits as JSON's."""
        return await self._dispatcher.call(
            self.credential, method, lambda its: its.from_python(args, kwargs), self._key
        )

    async def form(
        self,
        method: Method[..., R],
        fields: Mapping[str, Sequence[str | Upload]],
        /,
        *,
        ignored: Collection[str] = (),
        **fixed: object,
    ) -> R:
        """Call with the fields of a form, but those in `ignored`, and fixed values that no field replaces.

        An empty field is left out, unless a list is wanted; numbers and booleans are read from text.
        """
        return await self._dispatcher.call(
            self.credential, method, lambda its: its.from_form(fields, fixed, ignored), self._key
        )


def _admit(caller: Caller, method: AnyMethod) -> None:
    if caller.kind not in method.kinds:
        raise MethodNotFound
    if method.permission is None or caller.may(method.permission):
        return
    raise Forbidden if caller.knows(method.permission) else MethodNotFound


def _encode(result: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(result))


def _as_it_is(result: R) -> R:
    return result
