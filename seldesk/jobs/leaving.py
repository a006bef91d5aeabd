"""What follows when customers leave: their owners are told, and those whose time has come are chosen."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

import rpc
from seldesk.jobs.schedule import PutOff
from seldesk.methods.control import clean_ups, endings
from seldesk.methods.control.clean_ups import Chosen
from seldesk.methods.desk import account

log = structlog.get_logger()
Door = Callable[[UUID], rpc.Call | None]
Telling = rpc.Method[..., None]
StillAtIt = Callable[[], Awaitable[None]]


class SomeMustWait(PutOff):
    """With some customers something else is being done, or they are away."""


class Leaving:
    """Two jobs: each may be cut off anywhere, and goes on where it was when it is begun again."""

    def __init__(self, control: rpc.Call, door: Door) -> None:
        self.control, self.door = control, door

    async def departures(self, still_at_it: StillAtIt) -> None:
        """Every day, and when somebody leaves: end the sessions of those who left and tell their owners; tell those
        who go in 14 days; and begin with those whose erasing was asked for.
        """
        away = 0
        for gone in await self.control(endings.unclosed):
            await still_at_it()
            if told := await self._told(gone, account.close):
                await self.control(endings.closed, customer=gone.id, terminated_at=gone.terminated_at)
            away += not told
        for gone in await self.control(endings.unnoticed):
            await still_at_it()
            if told := await self._told(gone, account.warn):
                await self.control(endings.noticed, customer=gone.id, terminated_at=gone.terminated_at)
            away += not told
        if away:
            raise SomeMustWait(f"{away} customers are away")
        self._all_of(await self.control(clean_ups.choose_asked))

    async def clean_up(self, still_at_it: StillAtIt) -> None:
        """Every half year. The provisioner erases those who are chosen here, and the last one writes the report."""
        due_at = await self.control(clean_ups.begin)
        chosen = await self.control(clean_ups.choose, due_at=due_at)
        log.info("clean_up.chosen", due_at=f"{due_at:%Y-%m-%d}", customers=chosen.begun)
        self._all_of(chosen)

    async def _told(self, gone: endings.Leaving, method: Telling) -> bool:
        """False for one that is away, which holds up no other's letter. One who came back at this moment is not told:
        the letter finds that out by itself.
        """
        try:
            if call := self.door(gone.id):
                await call(method, terminated_at=gone.terminated_at)
        except rpc.Error as error:
            log.warning("departures.put_off", customer=str(gone.id), code=error.code)
            return False
        return True

    @staticmethod
    def _all_of(chosen: Chosen) -> None:
        if chosen.waiting:
            raise SomeMustWait(f"{chosen.waiting} customers are busy")
