"""What is asked for too often, decided for every method before it does anything: by people, and by their programs."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

import rpc
from rpc import Kind
from seldesk.caller import Caller
from seldesk.errors import TooManyTries
from seldesk.methods.control import rates
from seldesk.methods.desk import palette, people, search, tickets
from seldesk.models.limit import block_of
from seldesk.rates import Count, Rate
from seldesk.surroundings import surroundings

log = structlog.get_logger()
MINUTE = timedelta(minutes=1)
SEARCHES = {method.name for method in (tickets.search, search.page, palette.find, people.suggest)}
# Of one person, of the addresses around theirs, and of their helpdesk: an office is behind one address.
BLOCK, CUSTOMER = 5, 20


async def rate(caller: Caller, method: rpc.Method[..., object]) -> None:
    """TooManyTries for who searches, or whose program calls, more often than anybody has to."""
    around = surroundings()
    asked = [
        each
        for name, most, counted in (
            ("search", around.rates.searches, method.name in SEARCHES and caller.kind in (Kind.PERSON, Kind.TOKEN)),
            ("program", around.rates.calls, caller.kind is Kind.TOKEN),
        )
        if counted and most
        for each in _bounds(name, most, caller)
    ]
    if asked and (wait := await around.rates.counters.take(asked, around.now, _tell)):
        raise TooManyTries("That was asked for very often. Wait a little.", retry_after=wait)


def _bounds(name: str, most: int, caller: Caller) -> list[tuple[Rate, str]]:
    room = surroundings().customer.room
    return [
        (Rate(f"{name} account", most, MINUTE), f"{room} {caller.id}"),
        (Rate(f"{name} block", most * BLOCK, MINUTE), block_of(caller.address)),
        (Rate(f"{name} customer", most * CUSTOMER, MINUTE), f"{room}"),
    ]


async def _tell(counts: Sequence[Count]) -> Sequence[int]:
    """What protects against load must not make more of it: where nobody can be told, each process counts alone."""
    control = surroundings().control
    if control is None:
        return [0] * len(counts)
    told = [
        rates.Told(one.rate.name, one.rate.most, int(one.rate.span.total_seconds()), one.subject, one.count)
        for one in counts
    ]
    try:
        return await control(rates.tell, told=told)
    except rpc.Error as error:
        log.warning("rates.untold", code=error.code)
        return [0] * len(counts)
