"""People inside customers whose day has come. Said in both stores, said in the control database, then gone."""

from collections.abc import Awaitable, Callable

import structlog

import rpc
from seldesk.jobs.leaving import Door, SomeMustWait, StillAtIt
from seldesk.methods.control import leaving_people
from seldesk.methods.control.leaving_people import Due
from seldesk.methods.desk import erasures
from seldesk.storage import Erasure

log = structlog.get_logger()


class ErasingPeople:
    """A job that may be cut off anywhere, and goes on where it was when it is begun again.

    enter -- writes the entry into the ledger, in every store and then in the control database
    """

    def __init__(self, control: rpc.Call, door: Door, enter: Callable[[Erasure], Awaitable[None]]) -> None:
        self.control, self.door, self.enter = control, door, enter

    async def people(self, still_at_it: StillAtIt) -> None:
        """One whose customer is away does not hold up the others."""
        left = 0
        for due in await self.control(leaving_people.due):
            await still_at_it()
            try:
                left += not await self._settled(due, still_at_it)
            except rpc.Error as error:
                log.warning("erasing.put_off", customer=str(due.customer), code=error.code)
                left += 1
        if left:
            raise SomeMustWait

    async def _settled(self, due: Due, still_at_it: StillAtIt) -> bool:
        call = self.door(due.customer)
        if call is None:
            await self.control(leaving_people.gone, customer=due.customer, person=due.person)
            return True
        found = await call(erasures.begin, person=due.person)
        if found is None or found.erasure is None or found.since is None:
            later = found.erase_at if found else None
            settle = leaving_people.settle
            return await self.control(settle, customer=due.customer, person=due.person, erase_at=later)
        await self.enter(Erasure(found.erasure, due.customer, due.person, found.since))
        while not await call(erasures.erase, person=due.person):
            await still_at_it()
        await self.control(leaving_people.gone, customer=due.customer, person=due.person)
        return True
