"""The clean-up of every half year, and the erasing that was asked for."""

import builtins
from dataclasses import dataclass
from datetime import datetime

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models

PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class CleanUp:
    """The report of one: finished_at is None while something is left to do."""

    due_at: datetime
    begun_at: datetime
    finished_at: datetime | None
    customers: int
    people: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """How many begin to go, and how many must wait for what else is being done with them."""

    begun: int
    waiting: int


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def begin(caller: Caller) -> datetime:
    """The clean-up that is due; answers when it was."""
    return await models.CleanUp.begin()


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def choose(caller: Caller, due_at: datetime) -> Chosen:
    """Choose the customers that go now, for good."""
    return Chosen(*await models.CleanUp.choose(due_at))


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def choose_asked(caller: Caller) -> Chosen:
    """Choose the customers whose erasing was asked for, or that a clean-up should have taken."""
    return Chosen(*await models.leaving.begin_due())


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,), realm="control", reads=True)
async def list(caller: Caller) -> builtins.list[CleanUp]:
    """The reports of the last clean-ups, the newest first."""
    return await models.CleanUp.newest(CleanUp, 20)
