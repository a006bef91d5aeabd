"""Signing up: from a form that anybody can send to a customer with an owner."""

from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.control.customers import Plan as PlanCode
from seldesk.models import control as models
from seldesk.offer import Country, Plan, Region
from seldesk.surroundings import surroundings

ANYBODY = (rpc.Kind.ANONYMOUS,)
PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be chosen. domain is what follows the slug in a customer's address."""

    domain: str
    plans: list[Plan]
    countries: list[Country]
    regions: list[Region]


@dataclass(frozen=True, slots=True)
class Where:
    """instead is the one region whose customers are kept here, where `region` is another one."""

    region: Region
    instead: Region | None


@dataclass(frozen=True, slots=True)
class Available:
    """Whether a slug can be had. wrong is a sentence that says why not, suggestion one that can."""

    slug: str
    free: bool
    wrong: str
    suggestion: str | None


@dataclass(frozen=True, slots=True)
class Pending:
    """What a link confirms."""

    organisation: str
    name: str
    email: str
    domain: str
    plan: Plan
    region: Region
    available: Available


@dataclass(frozen=True, slots=True)
class Progress:
    """step is the last one that the provisioner finished; failed says that the next one did not work, for now.

    ready: there is an owner. link then is the one-time link that sets their password, None once it was used.
    """

    slug: str
    organisation: str
    email: str
    address: str
    state: str
    step: str
    failed: bool
    ready: bool
    link: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Founding:
    """A new customer who has no owner yet."""

    sign_up: UUID
    customer: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class _Followed:
    customer: UUID
    slug: str
    organisation: str
    email: str
    state: str
    step: str
    failed: bool
    founded: bool


@rpc.public(None, kinds=ANYBODY, realm="control", reads=True)
async def offer(caller: Caller) -> Offer:
    """Plans, countries and regions, to choose from."""
    told = surroundings().offer
    domain = surroundings().addresses.base
    return Offer(domain, [*told.plans.values()], [*told.countries.values()], [*told.regions.values()])


@rpc.public(None, kinds=ANYBODY, realm="control", reads=True)
async def region(caller: Caller, country: rpc.Line, region: rpc.Line = "") -> Where:
    """Where a customer of this country would be: the region that is asked for, else the country's."""
    told = surroundings().offer
    found = told.region_of(country, region)
    if found is None:
        raise rpc.NotFound
    return Where(found, told.instead_of(found))


@rpc.public(None, kinds=ANYBODY, realm="control", reads=True)
async def look(caller: Caller, slug: rpc.Line) -> Available:
    """Whether this word can be the first of a customer's address."""
    return _available(await models.SignUp.look(slug))


@rpc.public(None, kinds=ANYBODY, realm="control")
async def begin(
    caller: Caller,
    slug: rpc.Line = "",
    organisation: rpc.Line = "",
    name: rpc.Line = "",
    email: rpc.Line = "",
    country: rpc.Line = "",
    plan: PlanCode = "trial",
    region: rpc.Line = "",
    terms: bool = False,
) -> None:
    """Mail a link that confirms the address. The answer is the same whether it has signed up before or not; an address
    gets three an hour.
    """
    form = models.SignUpForm(slug, organisation, name, email, country, region, plan, terms)
    sign_up = await models.SignUp.begin(caller, form)
    if sign_up is not None:
        await models.Outbox.post_confirmation(sign_up)


@rpc.public(None, kinds=ANYBODY, realm="control", reads=True)
async def read(caller: Caller, token: rpc.Line) -> Pending:
    """What this link confirms, without using it up; 404 once it was used or is too old."""
    sign_up, around = await models.SignUp.open(token), surroundings()
    return Pending(
        sign_up.organisation,
        sign_up.name,
        sign_up.email,
        around.addresses.base,
        around.offer.plans[sign_up.plan],
        around.offer.regions[sign_up.region],
        _available(await models.SignUp.look(sign_up.slug)),
    )


@rpc.public(None, kinds=ANYBODY, realm="control")
async def confirm(caller: Caller, token: rpc.Line, slug: rpc.Line | None = None) -> str:
    """Ask for the customer's database; answers a secret by which its making is followed. The link is used up.

    slug is another one than was asked for first. Of those who ask for the same the first one has it; for the others
    the link stays good.
    """
    return await (await models.SignUp.open(token)).confirm(slug)


@rpc.public(None, kinds=ANYBODY, realm="control", reads=True)
async def progress(caller: Caller, secret: rpc.Line) -> Progress:
    """How far the making of one's own helpdesk is."""
    found, around = await models.SignUp.followed(secret, _Followed), surroundings()
    link, ready = None, False
    if found.founded:
        # This process may not have heard of the new customer yet.
        with suppress(rpc.Unavailable, rpc.NotFound):
            link, ready = await around.first_link(found.customer, found.email), True
    return Progress(
        found.slug,
        found.organisation,
        found.email,
        around.addresses.customer(found.slug),
        found.state,
        found.step,
        found.failed,
        ready,
        link,
    )


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def unfounded(caller: Caller, limit: rpc.Int4 = 10) -> list[Founding]:
    """New customers whose database is open and has no owner yet, each handed to one worker for a while."""
    found = await models.SignUp.unfounded(limit)
    return [Founding(one.id, one.customer_id, one.name, one.email) for one in found if one.customer_id]


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def founded(caller: Caller, sign_up: UUID) -> None:
    """The first owner is there."""
    await models.SignUp.found(sign_up)


def _available(told: models.Availability) -> Available:
    return Available(told.slug, told.free, told.wrong, told.suggestion)
