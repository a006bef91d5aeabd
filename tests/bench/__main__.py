"""`scripts/bench`: how fast the desk is, against what is possible on this very machine at this very moment."""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from cyclopts import App
from rich.console import Console

from seldesk.logs import configure
from tests.bench import explaining, filling, growth, memory, open_loop, report, rounds, signing_in
from tests.bench.access import report as access_report
from tests.bench.access import run as access_run
from tests.bench.arithmetic import Figure, Ratio, percentile, spread
from tests.bench.backup import report as backup_report
from tests.bench.backup import run as backup_run
from tests.bench.checking import asserted, check, same_rows
from tests.bench.database import work
from tests.bench.fleet import report as fleet_report
from tests.bench.fleet import run as fleet_run
from tests.bench.operations import Operation, operations
from tests.bench.peer import standing
from tests.bench.place import AGENTS, Customer, Place, Session, Worker, place, sign_in
from tests.bench.rounds import FULL, LIMIT, OURS, QUICK, Door, Measured, Plan

bench = App(name="bench", help="Measures, as ratios in one run. Nothing here is a test.")


@bench.command
def desk(
    *,
    quick: bool = False,
    large: bool = False,
    peer: Literal["django-helpdesk"] | None = None,
    json: Path | None = None,
    tickets: int = 10_000,
    large_tickets: int = 1_000_000,
) -> None:
    """The pages of the desk, creating and answering tickets, signing in, memory.

    Parameters
    ----------
    quick
        Minutes: 16 connections only, short runs.
    large
        Also a customer with a hundred times as many tickets, which takes half an hour and 15 GB.
    peer
        Also another helpdesk with the same tickets, asked for the same in the same rounds. It is installed from the
        package registry into an environment of its own.
    json
        Write the figures to this file instead of showing them.
    tickets
        How many the first customer has.
    large_tickets
        How many the large one has.
    """
    configure("warning", console=True, stream=sys.stderr)
    screen = Console(stderr=True)
    if peer:
        try:
            with screen.status(f"installing {peer}"):
                standing.install()
        except standing.NoPeerError as error:
            sys.exit(str(error))
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        screen.status("preparing") as status,
        place(Path(folder)) as made,
    ):
        run = Run(made, QUICK if quick else FULL, status.update, tickets, peer)
        figures: dict[str, Figure] = {}
        # Told as they are found: what fails at the end of an hour has not lost the hour.
        for found in run.everything(large_tickets if large else 0):
            figures |= found
            for name, figure in found.items():
                screen.print(f"{name} {report.median_of(figure):.3g}")
    if json is None:
        report.show(Console(), run.measured, figures, run.paced)
    else:
        report.write(json, figures, run.measured, run.paced)


@bench.command
def customers(*, quick: bool = False, json: Path | None = None) -> None:
    """A thousand customers on one cluster: isolation, connections, how customers are made, wake up and are migrated.

    Parameters
    ----------
    quick
        Ten and a hundred customers: minutes. Without it a thousand too, which takes a quarter of an hour and 15 GB.
    json
        Write the figures to this file instead of showing them.
    """
    configure("warning", console=True, stream=sys.stderr)
    with Console(stderr=True).status("preparing") as status:
        try:
            figures, details = fleet_run.figures(quick=quick, told=status.update)
        except RuntimeError as error:
            sys.exit(str(error))
    if json is None:
        fleet_report.show(Console(), figures, details)
    else:
        fleet_report.write(json, figures, details)


@bench.command
def access(*, quick: bool = False, json: Path | None = None) -> None:
    """Staff's access and the audit: chained rows, how fast who must go is gone, pages of the console.

    Parameters
    ----------
    quick
        Short rounds: a minute.
    json
        Write the figures to this file instead of showing them.
    """
    configure("critical", console=True, stream=sys.stderr)
    with Console(stderr=True).status("preparing") as status:
        figures, details = access_run.figures(quick=quick, told=status.update)
    if json is None:
        access_report.show(Console(), figures, details)
    else:
        access_report.write(json, figures, details)


@bench.command
def backup(*, quick: bool = False, json: Path | None = None) -> None:
    """Copies that are read back and decoded, restores, and a night of small customers, beside the bare tools.

    Parameters
    ----------
    quick
        20,000 tickets and 30 small customers: minutes. Without it 200,000 and 300, which takes half an hour and 15 GB.
    json
        Write the figures to this file instead of showing them.
    """
    configure("warning", console=True, stream=sys.stderr)
    screen, found = Console(stderr=True), []
    if quick:
        screen.print("quick: 20,000 tickets instead of 200,000, and 30 small customers instead of 300")
    with screen.status("preparing") as status:
        try:
            # Told as they are found: what fails at the end of half an hour has not lost it.
            for one in backup_run.figures(quick=quick, told=status.update):
                found.append(one)
                screen.print(f"{one.name} {one.value:.3g} (load {one.load:.1f})")
        except RuntimeError as error:
            sys.exit(str(error))
    if json is None:
        backup_report.show(Console(), found)
    else:
        backup_report.write(json, found)


class Run:
    def __init__(
        self, made: Place, plan: Plan, told: Callable[[str], None], tickets: int, peer: str | None = None
    ) -> None:
        self.place, self.plan, self.told, self.tickets, self.peer = made, plan, told, tickets, peer
        self.measured: list[Measured] = []
        self.paced: list[open_loop.Paced] = []
        self.customer = asyncio.run(made.customer("acme"))
        filling.fill(made, self.customer, tickets, told)

    def everything(self, large: int) -> Iterator[Mapping[str, Figure]]:
        """Figures as they are found."""
        yield {"idle_1000_mb": memory.idle_1000_mb(self.place, self.customer)}
        with self.place.processes("web") as web:
            # First, while nothing was written but what was filled in.
            yield self._plans(web)
            sessions = [sign_in(web[at % len(web)].port, self.customer, at) for at in range(AGENTS)]
            done = operations(self.customer, sessions, self.tickets)
            self.measured = self._side_by_side(web, sessions, done)
            yield {**report.ratios(self.measured), **report.statements(self.measured)}
            yield open_loop.figures(self.paced)
            yield {"queue_p99_over_p50": self._evenness(web, self.measured, done[0])}
            self.told("signing in")
            yield signing_in.figures(self.place, self.customer, web, done[0], self.plan.seconds * 2)
            self.told("memory")
            yield {"live_500_mb": memory.live_500_mb(self.place, self.customer, sessions)}
            if large:
                yield self._large(web, large)

    def _side_by_side(self, web: list[Worker], sessions: list[Session], done: list[Operation]) -> list[Measured]:
        given = {
            "BENCH_CUSTOMER": self.customer.slug,
            "BENCH_COOKIE": sessions[0].cookie,
            "BENCH_TICKETS": str(self.tickets),
        }
        beside = replace(self.place, given={**self.place.given, **given})
        with ExitStack() as stack:
            doors = {OURS: Door([worker.port for worker in web])}
            if self.peer:
                peer = stack.enter_context(standing.standing(self.place, self.tickets, self.told))
                doors[self.peer] = Door([peer.port], peer.operations)
            self.told("recording what the limit is to send")
            limit = stack.enter_context(beside.processes(module="tests.bench.bare"))
            doors[LIMIT] = Door([worker.port for worker in limit])
            for door in doors.values():
                for operation in filter(None, map(door.operation, done)):
                    asserted(self.place, operation, door.ports[0])
            for operation in done:
                if operation.grows is not None:
                    same_rows(self.place, operation, {who: doors[who].ports[0] for who in (OURS, LIMIT)})
            measured = rounds.measure(self.place, self.plan, done, doors, self.told)
            self.paced = open_loop.measure(self.place, self.plan, measured, doors, self.told)
            self._count_statements(doors, measured)
        return measured

    def _count_statements(self, doors: dict[str, Door], measured: list[Measured]) -> None:
        self.told("counting statements")
        for one in measured:
            for who in set(one.samples) - {LIMIT} if one.connections == rounds.MANY else ():
                operation = doors[who].operation(one.operation)
                assert operation is not None
                asking = partial(check, operation, doors[who].ports[0])
                one.statements[who] = asyncio.run(work(self.place, asking)).statements

    def _evenness(self, web: list[Worker], measured: list[Measured], queue: Operation) -> Ratio:
        """p99 to p50 at one connection, in each round; a plan without such rounds has them here."""
        found = [one for one in measured if one.connections == 1 and one.operation is queue]
        if found:
            seen = [sample.latency for sample in found[0].samples[OURS]]
        else:
            self.told("queue page, one connection")
            seen = [rounds.sample(replace(self.plan, enough=True), queue, [web[0].port], 1).latency]
        return spread([percentile(latency, 0.99) / percentile(latency, 0.5) for latency in seen])

    def _plans(self, web: list[Worker]) -> dict[str, float]:
        tickets = self.tickets * explaining.TIMES
        customers = {self.tickets: self.customer, tickets: self._filled("grown", tickets)}
        self.told(f"plans with {self.tickets:,} and {tickets:,} tickets")
        return explaining.figures(self.place, web[0], customers)

    def _filled(self, slug: str, tickets: int) -> Customer:
        customer: Customer = asyncio.run(self.place.customer(slug))
        filling.fill(self.place, customer, tickets, self.told)
        asyncio.run(asyncio.sleep(1))  # until the processes have heard of the new customer
        return customer

    def _large(self, web: list[Worker], tickets: int) -> dict[str, Figure]:
        customer = self._filled("large", tickets)
        self.told(f"{tickets:,} tickets")
        sizes = (self.tickets, tickets)
        return growth.figures(self.place, web, self.customer, customer, sizes, self.plan.seconds)


if __name__ == "__main__":
    bench()
