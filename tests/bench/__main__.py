"""`scripts/bench`: how fast the desk is, against what is possible on this very machine at this very moment."""

import asyncio
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from cyclopts import App
from rich.console import Console

from seldesk.logs import configure
from tests.bench import growth, load, memory, report, rounds, signing_in
from tests.bench.arithmetic import percentile, pooled
from tests.bench.database import work
from tests.bench.operations import Operation, operations
from tests.bench.place import AGENTS, Customer, Place, Session, Worker, place, sign_in
from tests.bench.rounds import FULL, LIMIT, OURS, QUICK, Measured, Plan

bench = App(name="bench", help="Measures, as ratios in one run. Nothing here is a test.")


@bench.command
def desk(
    *,
    quick: bool = False,
    large: bool = False,
    json: Path | None = None,
    tickets: int = 10_000,
    large_tickets: int = 1_000_000,
) -> None:
    """The pages of the desk, creating and answering tickets, signing in, memory.

    Parameters
    ----------
    quick
        Two minutes: 16 connections only, short runs.
    large
        Also a customer with a hundred times as many tickets, which takes an hour and 15 GB.
    json
        Write the figures to this file instead of showing them.
    tickets
        How many the first customer has.
    large_tickets
        How many the large one has.
    """
    configure("warning", console=True, stream=sys.stderr)
    screen = Console(stderr=True)
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        screen.status("preparing") as status,
        place(Path(folder)) as made,
    ):
        run = Run(made, QUICK if quick else FULL, status.update, tickets)
        measured, figures = run.everything(large_tickets if large else 0)
    if json is None:
        report.show(Console(), measured, figures)
    else:
        report.write(json, figures, measured)


class Run:
    def __init__(self, made: Place, plan: Plan, told: Callable[[str], None], tickets: int) -> None:
        self.place, self.plan, self.told, self.tickets = made, plan, told, tickets
        self.customer = asyncio.run(made.customer("acme"))
        growth.fill(made, self.customer, tickets, told)

    def everything(self, large: int) -> tuple[list[Measured], dict[str, float]]:
        with self.place.processes("web") as web:
            sessions = [sign_in(web[at % len(web)].port, self.customer, at) for at in range(AGENTS)]
            done = operations(self.customer, sessions, self.tickets)
            measured = self._side_by_side(web, sessions, done)
            figures = {**report.ratios(measured), **self._statements(web[0], measured)}
            figures["queue_p99_over_p50"] = self._evenness(web, measured, done[0])
            self.told("signing in")
            figures |= signing_in.figures(self.place, self.customer, web, done[0], self.plan.seconds * 2)
            self.told("memory")
            figures["live_500_mb"] = memory.live_500_mb(self.place, self.customer, sessions)
            if large:
                figures |= self._large(web, large)
        figures["idle_1000_mb"] = memory.idle_1000_mb(self.place, self.customer)
        return measured, figures

    def _side_by_side(self, web: list[Worker], sessions: list[Session], done: list[Operation]) -> list[Measured]:
        given = {
            "BENCH_CUSTOMER": self.customer.slug,
            "BENCH_COOKIE": sessions[0].cookie,
            "BENCH_TICKETS": str(self.tickets),
        }
        beside = replace(self.place, given={**self.place.given, **given})
        self.told("recording what the limit is to send")
        with beside.processes(module="tests.bench.bare") as limit:
            doors = {OURS: [worker.port for worker in web], LIMIT: [worker.port for worker in limit]}
            for operation in done:
                for ports in doors.values():
                    _check(operation, ports[0])
            return rounds.measure(self.plan, done, doors, self.told)

    def _statements(self, worker: Worker, measured: list[Measured]) -> dict[str, float]:
        self.told("counting statements")
        for one in measured:
            if one.connections == rounds.MANY:
                one.statements = asyncio.run(work(self.place, partial(_check, one.operation, worker.port))).statements
        return report.statements(measured)

    def _evenness(self, web: list[Worker], measured: list[Measured], queue: Operation) -> float:
        """p99 to p50 at one connection, in each round; a plan without such rounds has them here."""
        found = [one for one in measured if one.connections == 1 and one.operation is queue]
        if found:
            seen = [sample.latency for sample in found[0].samples[OURS]]
        else:
            self.told("queue page, one connection")
            seen = [rounds.sample(replace(self.plan, enough=True), queue, [web[0].port], 1).latency]
        together = pooled(seen)
        return percentile(together, 0.99) / percentile(together, 0.5)

    def _large(self, web: list[Worker], tickets: int) -> dict[str, float]:
        customer: Customer = asyncio.run(self.place.customer("large"))
        growth.fill(self.place, customer, tickets, self.told)
        asyncio.run(asyncio.sleep(1))  # until the processes have heard of the new customer
        self.told(f"{tickets:,} tickets")
        sizes = (self.tickets, tickets)
        return growth.figures(self.place, web, self.customer, customer, sizes, self.plan.seconds)


def _check(operation: Operation, port: int, position: int = 0) -> None:
    """One request, answered as it should be."""
    status, body = load.ask(operation.requests[position], port)
    if status != operation.status or operation.marker not in body:
        raise RuntimeError(f"{operation.name} was answered by {status}.")


if __name__ == "__main__":
    bench()
