"""Whether what every process knows of customers and clusters has changed, without reading it."""

import orm
from seldesk.models.control.cluster import Cluster
from seldesk.models.control.customer import DIRECTORY, Customer
from seldesk.models.control.restore import Restore


async def mark() -> str:
    """Another one whenever any of it has changed."""
    sides, cluster = Restore.where(Restore.state == "open"), Cluster
    found = await orm.scalars(
        customers=orm.fingerprint(Customer.query(), *(getattr(Customer, name) for name in DIRECTORY)),
        sides=orm.fingerprint(sides, Restore.id, Restore.writable, Restore.until),
        clusters=orm.fingerprint(cluster.query(), cluster.name, cluster.host, cluster.port),
    )
    return ":".join(map(str, found.values()))
