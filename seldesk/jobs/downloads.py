"""Makes large files for owners, and removes those whose day is over."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn
from uuid import UUID

import structlog

import rpc
from seldesk.jobs.turns import turns
from seldesk.methods.control import downloads
from seldesk.methods.control.downloads import Making
from seldesk.methods.desk import links
from seldesk.storage import Downloads, Packed, Packing, StorageError

log = structlog.get_logger()
StillAtIt = Callable[[], Awaitable[None]]


@dataclass
class Progress:
    """How far it is: rows and files that are made, of all."""

    step: str = ""
    made: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """What is being made, and into what."""

    customer: UUID
    file: Packing
    progress: Progress = field(default_factory=Progress)


# Writes the file, and answers what it is called.
Make = Callable[[Work], Awaitable[str]]


class Maker:
    """One file after the other. Killed anywhere, another begins with it anew when the lease ends: what was written
    until then lies under another id, and is swept.
    """

    def __init__(
        self,
        control: rpc.Call,
        door: Callable[[UUID], rpc.Call | None],
        files: Downloads,
        makes: Mapping[str, Make],
        *,
        poll: float = 5.0,
        beat: float = 1.0,
    ) -> None:
        """beat: every so many seconds the page is told how far it is, and the lease goes on."""
        self.control, self.door, self.files, self.makes = control, door, files, makes
        self.poll, self.beat = poll, beat

    async def run(self) -> None:
        await turns("downloads", self.work, self.poll)

    async def work(self) -> None:
        """Make all that was asked for."""
        while making := await self.control(downloads.claim, kinds=[*self.makes]):
            await self._make(making)

    async def _make(self, making: Making) -> None:
        work = Work(making.customer, self.files.begin(making.customer, making.lease))
        try:
            await self._kept(making, work)
        except rpc.Conflict:
            log.warning("downloads.taken_over", kind=making.kind, customer=str(making.customer))
            await self._remove(making)
        except Exception as error:
            log.exception("downloads.failed", kind=making.kind, customer=str(making.customer))
            await self._remove(making)
            reason = type(error).__name__
            with suppress(rpc.Conflict, rpc.NotFound):
                await self.control(downloads.failed, download=making.id, lease=making.lease, reason=reason)

    async def _kept(self, making: Making, work: Work) -> None:
        """Written, and then told as made; stopped as soon as nobody wants it any more."""
        writing = asyncio.create_task(self._written(making, work))
        beating = asyncio.create_task(self._beat(making, work.progress))
        try:
            await asyncio.wait((writing, beating), return_when=asyncio.FIRST_COMPLETED)
            # Unless it is done, only the other one can have ended: by being told that it is taken over.
            name, packed = await (writing if writing.done() else beating)
        finally:
            for task in (writing, beating):
                task.cancel()
            await asyncio.gather(writing, beating, return_exceptions=True)
        # Nobody beats any more: a beat after this would be told that it is over, and the file be removed.
        await self.control(
            downloads.ready,
            download=making.id,
            lease=making.lease,
            name=name,
            chunks=packed.chunks,
            size=packed.size,
            sha256=packed.sha256,
        )
        log.info("downloads.made", kind=making.kind, customer=str(making.customer), bytes=packed.size)

    async def _written(self, making: Making, work: Work) -> tuple[str, Packed]:
        name = await self.makes[making.kind](work)
        packed = await work.file.close()
        door = self.door(making.customer)
        if door is None:
            raise rpc.Conflict("The customer is gone.")
        # The notice first: there is no link of which nobody was told.
        await door(links.tell, kind=making.kind, made=making.id, asked_by=making.asked_by)
        return name, packed

    async def _beat(self, making: Making, progress: Progress) -> NoReturn:
        while True:
            try:
                await self.control(
                    downloads.progress,
                    download=making.id,
                    lease=making.lease,
                    step=progress.step,
                    made=progress.made,
                    total=progress.total,
                )
            except rpc.Unavailable as error:
                log.warning("downloads.not_told", code=error.code)
            await asyncio.sleep(self.beat)

    async def _remove(self, making: Making) -> None:
        with suppress(StorageError):
            await self.files.delete(making.customer, making.lease)


async def sweep(control: rpc.Call, files: Downloads, still_at_it: StillAtIt) -> None:
    """Every quarter of an hour: remove what is offered no more, and what a maker that died has left."""
    for customer in await control(downloads.customers):
        await still_at_it()
        try:
            # Listed before it is asked what lives: a file that is begun meanwhile is not among them.
            found = await files.files(customer)
            for file in found - {*(await control(downloads.living, customer=customer))} if found else ():
                await files.delete(customer, file)
        except StorageError as error:
            log.warning("downloads.not_swept", customer=str(customer), reason=str(error))
