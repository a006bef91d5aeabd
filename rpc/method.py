"""What can be called: a value, never a function."""

import inspect
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from rpc.caller import Caller, Kind
from rpc.signature import Signature

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
C = TypeVar("C", bound=Caller)


@dataclass(frozen=True, slots=True, eq=False)
class Method(Generic[P, R_co]):
    """A public method. Only a dispatcher whose list it stands in runs it, for callers of these kinds.

    `permission` None: the kind is enough. `realm` is for whoever opens the transaction. `reads`: it changes nothing, so
    that it may be called again and again.
    """

    name: str
    permission: str | None
    kinds: frozenset[Kind]
    realm: str
    reads: bool
    body: Callable[..., Coroutine[Any, Any, R_co]] = field(repr=False)
    signature: Signature = field(repr=False)

    @property
    def description(self) -> str:
        return inspect.getdoc(self.body) or ""


def public(
    permission: str | None, *, kinds: Iterable[Kind], realm: str = "desk", reads: bool = False
) -> Callable[[Callable[Concatenate[C, P], Coroutine[Any, Any, R]]], Method[P, R]]:
    """Make `async def f(caller, ...)` a Method named `<last part of the module>.<f>`.

    TypeError at once when its signature cannot travel.
    """
    chosen = frozenset(Kind(kind) for kind in kinds)

    def decorate(body: Callable[Concatenate[C, P], Coroutine[Any, Any, R]]) -> Method[P, R]:
        name = f"{body.__module__.rpartition('.')[2]}.{body.__name__}"
        if not chosen:
            raise TypeError(f"{name}: no kind of caller may call it")
        try:
            signature = Signature(body)
        except RecursionError:
            raise TypeError(f"{name}: a class in its arguments holds itself") from None
        except (TypeError, NameError, ValueError) as error:
            raise TypeError(f"{name}: {error}") from error
        return Method(name, permission, chosen, realm, reads, body, signature)

    return decorate
