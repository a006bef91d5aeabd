import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Self, TypeVar
from uuid import UUID

import structlog

import orm
import rpc
from seldesk.caller import Caller
from seldesk.errors import SignUpOver, TooManyTries
from seldesk.mail.address import is_address
from seldesk.mail.characters import line, visible
from seldesk.models.control import placing
from seldesk.models.control.cluster import NoRoom
from seldesk.models.control.customer import Customer
from seldesk.models.control.lease import Lease
from seldesk.models.control.limit import Limit
from seldesk.models.control.slug import alternatives, normalised
from seldesk.models.limit import Window, block_of
from seldesk.offer import Region
from seldesk.surroundings import surroundings

log = structlog.get_logger()
Shape = TypeVar("Shape")
GOOD_FOR, KEPT = timedelta(hours=24), timedelta(days=7)
# Founding takes a moment: whoever has not done it by then has died, or has not heard of the customer yet.
FOUNDED_WITHIN = timedelta(seconds=10)
PER_BLOCK = Window("sign-up block", 5, timedelta(hours=1))
PER_ADDRESS = Window("sign-up address", 3, timedelta(hours=1))
# From however many places: so many mails go out to strangers, and no more.
PER_SITE = Window("sign-up site", 100, timedelta(minutes=15))
LONGEST_NAME = 100


class FullForNow(rpc.Unavailable):
    """There is no room for one more helpdesk in this region just now. Your link stays good: try it in an hour."""

    code = "full_for_now"


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a slug can be had. wrong is a sentence that says why not, suggestion one that can."""

    slug: str
    free: bool
    wrong: str = ""
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class SignUpForm:
    """What somebody has typed who wants a helpdesk. region is "" for the country's own."""

    slug: str
    organisation: str
    name: str
    email: str
    country: str
    region: str
    plan: str
    terms: bool


@dataclass(frozen=True, slots=True)
class _Taken:
    slug: str


class SignUp(orm.Model, table="sign_ups", schema="control"):
    """Somebody wants a helpdesk. It becomes a customer when the mail address is confirmed, and not before."""

    id: orm.Column[UUID] = orm.key()
    slug: orm.Column[str] = orm.text()
    organisation: orm.Column[str] = orm.text()
    name: orm.Column[str] = orm.text()
    email: orm.Column[str] = orm.text()
    country: orm.Column[str] = orm.text()
    region: orm.Column[str] = orm.text()
    plan: orm.Column[str] = orm.choice("paid", "trial", "education", "free")
    # What is kept of the link in the newest mail, and how long that one is good.
    fingerprint: orm.Column[bytes | None] = orm.binary(optional=True, unique=True)
    expires_at: orm.Column[datetime | None] = orm.time(optional=True)
    # What is kept of the secret by which the browser that confirmed follows what happens.
    follower: orm.Column[bytes | None] = orm.binary(optional=True, unique=True)
    created_at: orm.Column[datetime] = orm.time(index=True)
    confirmed_at: orm.Column[datetime | None] = orm.time(optional=True)
    customer_id: orm.Column[UUID | None] = orm.reference("control.customers.id", optional=True, unique=True)
    # Its first owner is in the new database. Until then one worker at a time tries, until this time.
    founded_at: orm.Column[datetime | None] = orm.time(optional=True)
    tried_until: orm.Column[datetime | None] = orm.time(optional=True)

    indexes = (orm.index("sign_ups_unfounded", "created_at", where="confirmed_at IS NOT NULL AND founded_at IS NULL"),)

    @classmethod
    async def look(cls, text: str) -> Availability:
        """Whether this slug can be had. One that others only asked for can: the first to confirm has it."""
        wrong = ""
        try:
            slug = normalised(text)
        except rpc.Invalid as error:
            slug, wrong = text.strip(), error.fields["slug"]
        candidates = alternatives(slug)
        taken = {
            one.slug
            for one in await Customer.where(Customer.slug.in_([slug, *candidates])).into(_Taken, slug=Customer.slug)
        }
        if not wrong and slug not in taken:
            return Availability(slug, free=True)
        suggestion = next((one for one in candidates if one not in taken), None)
        return Availability(slug, False, wrong or "This address is taken.", suggestion)

    @classmethod
    async def begin(cls, caller: Caller, form: SignUpForm) -> Self | None:
        """None when this mail address has been written to often enough: whoever asked is told the same."""
        available = await cls.look(form.slug)
        organisation, name = line(form.organisation, LONGEST_NAME), line(form.name, LONGEST_NAME)
        email = form.email.strip().lower()
        placed = surroundings().offer.region_of(form.country, form.region)
        wrong = {
            "slug": sentence(available),
            "organisation": "" if visible(organisation) else "How is it called?",
            "name": "" if visible(name) else "How are you called?",
            "email": "" if is_address(email) else "This is not a mail address.",
            "country": "" if placed else "Choose the country that your organisation is in.",
            "region": elsewhere(placed, surroundings().offer.instead_of(placed)) if placed else "",
            "terms": "" if form.terms else "Without them there can be no helpdesk.",
        }
        if wrong := {field: words for field, words in wrong.items() if words}:
            raise rpc.Invalid(fields=wrong)
        await _pace(caller)
        if placed is None or not await Limit.take(PER_ADDRESS, _mailbox(email)):
            return None
        return cls.add(
            slug=available.slug,
            organisation=organisation,
            name=name,
            email=email,
            country=form.country,
            region=placed.code,
            plan=form.plan,
            created_at=surroundings().now,
        )

    def issue(self) -> str:
        """The address of a link that confirms, once. It stands in a mail and nowhere else; an earlier one is void."""
        secret, around = secrets.token_urlsafe(32), surroundings()
        self.fingerprint, self.expires_at = _fingerprint(secret), around.now + GOOD_FOR
        return f"{around.addresses.site()}/sign-up/confirm/{secret}"

    @classmethod
    async def open(cls, secret: str) -> Self:
        """SignUpOver when the link was used, replaced or is too old. Locked: of two at once one confirms."""
        now = surroundings().now
        linked = cls.where(cls.fingerprint == _fingerprint(secret), cls.expires_at > now, cls.confirmed_at.is_(None))
        found = await linked.lock().first()
        if found is None:
            raise SignUpOver
        return found

    async def confirm(self, slug: str | None) -> str:
        """Ask for the customer's database; answers the secret by which its making is followed. slug is another one
        than was asked for first; SlugTaken leaves the link good.
        """
        if slug is not None:
            self.slug = normalised(slug)
        try:
            customer = await placing.request(
                slug=self.slug,
                name=self.organisation,
                plan=self.plan,
                country=self.country,
                region=self.region,
                primary_name=self.name,
                primary_email=self.email,
            )
        except NoRoom:
            log.error("sign_ups.no_room", region=self.region)
            raise FullForNow(retry_after=3600) from None
        secret = secrets.token_urlsafe(32)
        self.follower, self.fingerprint = _fingerprint(secret), None
        self.confirmed_at, self.customer_id = surroundings().now, customer.id
        await Customer.announce(customer.id)
        return secret

    @classmethod
    async def followed(cls, secret: str, shape: type[Shape]) -> Shape:
        """How far it is, for whoever confirmed it."""
        mine = cls.where(cls.follower == _fingerprint(secret)).join(Customer, Customer.id == cls.customer_id)
        return await mine.join(Lease, Lease.customer_id == Customer.id, optional=True).one_into(
            shape,
            customer=Customer.id,
            slug=Customer.slug,
            organisation=cls.organisation,
            email=cls.email,
            state=Customer.state,
            step=orm.coalesce(Lease.step, ""),
            failed=orm.coalesce(Lease.error, "") != "",
            founded=cls.founded_at.is_not(None),
        )

    @classmethod
    async def unfounded(cls, limit: int) -> list[Self]:
        """Those whose database is open and has no owner yet, each one worker's for a while."""
        now = surroundings().now
        active = orm.exists(Customer.where(Customer.id == cls.customer_id, Customer.state == "active"))
        free = cls.tried_until.is_(None) | (cls.tried_until < now)
        waiting = cls.where(cls.confirmed_at.is_not(None), cls.founded_at.is_(None), active, free)
        found = await waiting.order_by(cls.created_at).limit(limit).lock(skip_locked=True).all()
        for one in found:
            one.tried_until = now + FOUNDED_WITHIN
        return found

    @classmethod
    async def found(cls, sign_up: UUID) -> None:
        """Its first owner is there."""
        await cls.where(cls.id == sign_up, cls.founded_at.is_(None)).update(founded_at=surroundings().now)

    @classmethod
    async def expire(cls) -> int:
        """What was never confirmed, and what has become a customer with an owner."""
        over = cls.confirmed_at.is_(None) | cls.founded_at.is_not(None)
        return await cls.where(cls.created_at < surroundings().now - KEPT, over).delete()


async def _pace(caller: Caller) -> None:
    """TooManyTries where very many sign up, from one place or at all."""
    if not await Limit.take(PER_BLOCK, block_of(caller.address)):
        raise TooManyTries(
            "From where you are, somebody has signed up five times within the hour. Try again in an hour.",
            retry_after=int(PER_BLOCK.span.total_seconds()),
        )
    if wait := await Limit.claim(PER_SITE, ""):
        raise TooManyTries("Very many are signing up just now. Try again in a few minutes.", retry_after=wait)


def elsewhere(wanted: Region, instead: Region | None) -> str:
    """What to do where another installation keeps the customers of the region that is wanted; "" where none does."""
    if instead is None:
        return ""
    there = f" To have it in {wanted.name}, sign up at {wanted.sign_up}." if wanted.sign_up else ""
    return f"Here, data lies in {instead.name}: choose that.{there}"


def sentence(available: Availability) -> str:
    """What to say beside the field; "" when there is nothing wrong."""
    free = f" {available.suggestion} is free." if available.suggestion else ""
    return f"{available.wrong}{free}" if available.wrong else ""


def _mailbox(address: str) -> str:
    """What counts as one address: whatever follows a plus sign comes to the same person."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _fingerprint(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
