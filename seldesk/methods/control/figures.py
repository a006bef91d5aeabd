"""What is measured of customers, clusters and stores every hour, for the operator to see."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.control.alerts import Found
from seldesk.models import control as models

PROGRAMS = (rpc.Kind.JOB,)
CHECK = models.capacity.CHECK


@dataclass(frozen=True, slots=True)
class Health:
    """Sizes and counts. stored_bytes are files and mails, as the plan counts them. waiting are mails that are due and
    have not left, since waiting_since; refused those of them that the relay has refused before. unread, failed and
    bounced are of the last seven days.
    """

    database_bytes: int
    stored_bytes: int
    agents: int
    mailboxes: int
    failing: int
    unread: int
    received_at: datetime | None
    waiting: int
    waiting_since: datetime | None
    refused: int
    failed: int
    bounced: int


@dataclass(frozen=True, slots=True)
class Measured:
    """health is None for a customer that could not be asked; error says why."""

    customer: UUID
    health: Health | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """Connections: what all processes may need, what there is room for, how many there were. Bytes of all databases.
    Standbys that follow by a slot, those that are not connected, and by how many bytes the worst is behind.
    """

    version: str
    databases: int
    needed: int
    room: int
    connected: int
    disk_bytes: int
    standbys: int = 0
    standbys_away: int = 0
    standby_bytes: int = 0


@dataclass(frozen=True, slots=True)
class MeasuredCluster:
    name: str
    server: Server | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class MeasuredStore:
    """free_bytes is None where nobody can say."""

    number: int
    name: str
    milliseconds: int
    free_bytes: int | None
    error: str = ""


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def put(caller: Caller, measured: list[Measured]) -> None:
    """Of these customers; one that has left meanwhile is passed over."""
    known = await models.Customer.slugs([one.customer for one in measured])
    for one in measured:
        if one.customer in known:
            await models.CustomerFigures.put(one.customer, asdict(one.health) if one.health else {}, one.error)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def put_places(caller: Caller, clusters: list[MeasuredCluster], stores: list[MeasuredStore]) -> list[Found]:
    """Of all clusters and stores that there are; answers what is wrong and was not before."""
    for one in clusters:
        await models.ClusterFigures.put(one.name, asdict(one.server) if one.server else {}, one.error)
    await models.ClusterFigures.keep([one.name for one in clusters])
    for store in stores:
        await models.StoreFigures.put(store.number, store.name, store.milliseconds, store.free_bytes, store.error)
    return [Found(*one) for one in await models.Alert.report(CHECK, await models.capacity.alarms())]
