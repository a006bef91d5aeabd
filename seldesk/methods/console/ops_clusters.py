"""Clusters, stores and the data centres that they are in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.methods.console.ops_moves import ClusterFacts
from seldesk.models import control as models
from seldesk.offer import Region
from seldesk.surroundings import surroundings

STAFF = (rpc.Kind.STAFF,)
State = Literal["open", "full", "closed"]


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """error says why it did not answer; answered_at when it last did. free_bytes is None where nobody can say."""

    number: int
    name: str
    measured_at: datetime
    error: str
    milliseconds: int
    free_bytes: int | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Share:
    """So many customers of this region are in this state."""

    region: str
    state: str
    customers: int


@dataclass(frozen=True, slots=True)
class ClustersPage:
    frame: Frame
    clusters: list[ClusterFacts]
    stores: list[StoreFacts]
    regions: list[Region]
    shares: list[Share]


@rpc.public("console.clusters", kinds=STAFF, realm="control", reads=True)
async def page(caller: Caller) -> ClustersPage:
    """All that the page of clusters and data centres shows."""
    clusters = await models.capacity.clusters(ClusterFacts)
    stores = await models.capacity.stores(StoreFacts)
    regions = [*surroundings().offer.regions.values()]
    return ClustersPage(frame(caller), clusters, stores, regions, await models.capacity.by_region(Share))


@rpc.public("console.clusters.change", kinds=STAFF, realm="control")
async def place(caller: Caller, cluster: rpc.Line, state: State) -> None:
    """open takes customers, full none that are new, closed none that move there either."""
    found = await models.Cluster.named(cluster)
    models.StaffEvent.note(caller, caller.id, "placing changed", f"{cluster}: {found.state} to {state}")
    found.state = state
