"""Whom an incident concerns: customers, by where they are or by name."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orm
from seldesk.models.control.cluster import Cluster
from seldesk.models.control.customer import SERVED, Customer
from seldesk.models.control.incident import Incident
from seldesk.surroundings import surroundings

LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Affected:
    """email is the primary address, "" where nobody was named."""

    id: UUID
    slug: str
    name: str
    contact: str
    email: str


async def affected(incident: Incident) -> list[Affected]:
    """Those that are told one by one, by their addresses; nobody where everybody is."""
    return await _listed(incident, LONGEST, Customer.slug)


async def sample(incident: Incident, limit: int) -> list[Affected]:
    """The first of them, those with an address before all others."""
    return await _listed(incident, limit, Customer.primary_email == "", Customer.slug)


async def numbers(incident: Incident) -> tuple[int, int]:
    """How many they are, and how many of them have no address."""
    if incident.scope == "everyone":
        return 0, 0
    all_of_them = _served(incident)
    nobody = orm.count(where=Customer.primary_email == "")
    found = await orm.scalars(all=all_of_them.column(orm.count()), without=all_of_them.column(nobody))
    return found["all"], found["without"]


async def _listed(incident: Incident, limit: int, *by: Any) -> list[Affected]:
    if incident.scope == "everyone":
        return []
    return (
        await _served(incident)
        .order_by(*by)
        .limit(limit)
        .into(
            Affected,
            id=Customer.id,
            slug=Customer.slug,
            name=Customer.name,
            contact=Customer.primary_name,
            email=Customer.primary_email,
        )
    )


def _served(incident: Incident) -> "orm.Query[Customer]":
    served = Customer.where(Customer.state.in_(SERVED), _concerned(incident))
    if incident.scope == "data_centre":
        return served.join(Cluster, Cluster.name == Customer.cluster, optional=True)
    return served


def _concerned(incident: Incident) -> orm.Condition:
    if incident.scope == "data_centre":
        return _in_data_centre(incident.target)
    if incident.scope == "cluster":
        return Customer.cluster == incident.target
    return Customer.slug.in_(incident.customers)


def _in_data_centre(code: str) -> orm.Condition:
    """By their cluster; where it does not say where it stands, by their region, in whose first one customers live."""
    regions = [one.code for one in surroundings().offer.regions.values() if one.data_centres[0].code == code]
    nowhere = orm.coalesce(Cluster.data_centre, "") == ""
    return orm.or_(Cluster.data_centre == code, orm.and_(nowhere, Customer.region.in_(regions)))
