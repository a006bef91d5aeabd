"""A cluster that is only names, so that half a year of customers passes in a second."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

import rpc
from rpc import Kind
from seldesk.jobs.leaving import Leaving
from seldesk.jobs.provision import OnStep, Provisioner, provisioning
from seldesk.jobs.purge import Step, purging
from seldesk.jobs.schedule import Jobs, Schedule
from seldesk.methods.control import purges
from seldesk.methods.control.customers import CustomerRow
from seldesk.methods.control.purges import Purge
from tests.world import World

Act = Callable[[Purge], Awaitable[None]]


async def nothing() -> None:
    """Nothing comes in between."""


@dataclass
class Cluster:
    """What there is of each customer. between is called before each step of a purge."""

    control: rpc.Call
    databases: set[str] = field(default_factory=set)
    keys: set[UUID] = field(default_factory=set)
    files: set[UUID] = field(default_factory=set)
    ledger: dict[UUID, UUID] = field(default_factory=dict)
    between: Callable[[], Awaitable[None]] = nothing

    async def create(self, customer: CustomerRow, on_step: OnStep) -> None:
        self.databases.add(customer.database)
        self.keys.add(customer.id)
        self.files.add(customer.id)
        await on_step("open")

    def steps(self) -> list[Step]:
        async def enter(purge: Purge) -> None:
            assert self.ledger.setdefault(purge.erasure, purge.customer) == purge.customer
            await self.control(purges.record, erasure=purge.erasure, kind="customer", customer=purge.customer)

        async def drop(purge: Purge) -> None:
            assert purge.erasure in self.ledger, "what is gone must not come back out of a copy"
            self.databases.discard(purge.database)

        async def destroy(purge: Purge) -> None:
            self.keys.discard(purge.customer)

        async def remove(purge: Purge) -> None:
            self.files.discard(purge.customer)

        acts = {"ledger": enter, "database": drop, "key": destroy, "files": remove}
        return [(name, self._interrupted(act)) for name, act in acts.items()]

    def provisioner(self) -> Provisioner:
        """As another process has it."""
        works = {"provision": provisioning(self.create), "purge": purging(self.steps())}
        return Provisioner(self.control, works)  # type: ignore[arg-type]  # the names are known

    def has(self, customer: CustomerRow) -> set[str]:
        """What is left of it."""
        return {
            *(["database"] if customer.database in self.databases else []),
            *(["key"] if customer.id in self.keys else []),
            *(["files"] if customer.id in self.files else []),
        }

    def _interrupted(self, act: Act) -> Act:
        async def interrupted(purge: Purge) -> None:
            await self.between()
            await act(purge)

        return interrupted


@dataclass
class Machine:
    """One process with a schedule and a worker; its provisioner runs beside it."""

    world: World
    cluster: Cluster

    def __post_init__(self) -> None:
        control = self.world.app.program(Kind.JOB)
        leaving = Leaving(control, lambda _: None)
        self.schedule = Schedule(control, self.world.clock)
        works = {"tidy": _idle, "departures": leaving.departures, "clean-up": leaving.clean_up}
        self.jobs = Jobs(control, works)

    async def wake(self) -> None:
        """What a process does that looks what time it is."""
        await self.schedule.ask()
        await self.jobs.do_all()
        await self.cluster.provisioner().work()


async def _idle(still_at_it: Callable[[], Awaitable[None]]) -> None:
    """Another job's work."""
