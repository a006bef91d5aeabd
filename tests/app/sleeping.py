"""A worker that falls asleep: its lease was good when it asked, and what it does next comes an hour later."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import rpc
from rpc import Credential, Kind
from seldesk.jobs.provision import Held
from seldesk.methods.control import leases, restores
from seldesk.methods.control.leases import Claim
from tests.world import World

# By what came before it.
LAST_LOOK = {"closing": "swap", "looked up": "doors"}


class Sleeper(rpc.Call):
    """Calls on the control database; behind the call with this number it sleeps until it is woken, or behind the one
    that tells of this step. "swap" is the last look at its lease before the doors change, "doors" the one before what
    stands on the side is opened.
    """

    def __init__(self, world: World, after: int | str) -> None:
        super().__init__(world.app.dispatcher, Credential(kind=Kind.JOB))
        self.after: int | str | None = after
        self.calls, self.step = 0, ""
        self.asleep, self.woken = asyncio.Event(), asyncio.Event()

    async def __call__(self, *args: Any, **kwargs: Any) -> Any:
        answer = await super().__call__(*args, **kwargs)
        self.calls += 1
        if args[0] is leases.stepped:
            self.step = kwargs["step"]
        elif args[0] is restores.pause:
            self.step = "closing"
        elif args[0] is restores.erasures and self.step == "equal":
            self.step = "looked up"
        elif args[0] is leases.keep and self.step in LAST_LOOK:
            self.step = LAST_LOOK[self.step]
        if self.after in (self.calls, self.step):
            self.asleep.set()
            await self.woken.wait()
        return answer

    def wake(self, after: int | str | None = None) -> None:
        """Until it comes to this, or for good."""
        woken, self.woken, self.after = self.woken, asyncio.Event(), after
        self.asleep.clear()
        woken.set()

    def holding(self, claim: Claim) -> Held:
        return Held(self, claim)

    async def begun(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Until it sleeps, or is done: then it never came to that call."""
        task, sleeping = asyncio.create_task(work), asyncio.create_task(self.asleep.wait())
        await asyncio.wait((task, sleeping), return_when=asyncio.FIRST_COMPLETED)
        sleeping.cancel()
        return task
