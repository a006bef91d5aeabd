"""A new customer finds its place: the cluster of its region that has most room."""

import rpc
from seldesk.models.control.cluster import Cluster
from seldesk.models.control.customer import Customer
from seldesk.surroundings import surroundings


async def request(
    *, slug: str, name: str, plan: str, country: str, region: str = "", primary_name: str = "", primary_email: str = ""
) -> Customer:
    """Ask for a database. Without a region it is the country's. SlugTaken, NoRoom."""
    placed = surroundings().offer.region_of(country, region)
    if placed is None:
        raise rpc.Invalid(fields={"country": "This is the code of no country, or there is no such region."})
    return await Customer.request(
        slug=slug,
        name=name,
        plan=plan,
        country=country,
        region=placed.code,
        cluster=await Cluster.place(placed.data_centres[0].code),
        primary_name=primary_name,
        primary_email=primary_email,
    )
