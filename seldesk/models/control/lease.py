import enum
from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, Self
from uuid import UUID

import orm
from seldesk.errors import Busy, Excluded, TakenOver
from seldesk.models.control.operation import Operation as Past
from seldesk.surroundings import OPERATOR, surroundings

Operation = Literal["provision", "migrate", "move", "copy", "restore", "purge", "suspend", "rotate", "drill"]

# What is done with the control database itself stands under this.
CONTROL = OPERATOR.id


class Rule(enum.Enum):
    """What becomes of an operation that is wanted while another stands."""

    WAIT = "wait"
    CANCEL = "cancel"
    EXCLUDE = "exclude"


# (what stands, what is wanted); all other pairs wait. What is cancelled leaves nothing that must be ended first.
RULES: Mapping[tuple[str, str], Rule] = MappingProxyType(
    {
        ("copy", "purge"): Rule.CANCEL,
        ("copy", "restore"): Rule.CANCEL,
        ("drill", "copy"): Rule.CANCEL,
        ("drill", "migrate"): Rule.CANCEL,
        ("drill", "move"): Rule.CANCEL,
        ("drill", "purge"): Rule.CANCEL,
        ("drill", "restore"): Rule.CANCEL,
        ("drill", "rotate"): Rule.CANCEL,
        ("drill", "suspend"): Rule.CANCEL,
        ("purge", "provision"): Rule.EXCLUDE,
        ("purge", "migrate"): Rule.EXCLUDE,
        ("purge", "move"): Rule.EXCLUDE,
        ("purge", "copy"): Rule.EXCLUDE,
        ("purge", "restore"): Rule.EXCLUDE,
        ("purge", "suspend"): Rule.EXCLUDE,
        ("purge", "rotate"): Rule.EXCLUDE,
        ("purge", "drill"): Rule.EXCLUDE,
    }
)
# Stands among the steps where another worker went on with what one had left.
AGAIN = "taken up again"
# Half of these leaves the customer between two states, and whoever comes next must end it first.
RESUMED: frozenset[str] = frozenset({"provision", "move", "restore", "purge", "rotate"})


class Lease(orm.Model, table="leases", schema="control"):
    """The one operation that is under way with a customer. Its row stays, so that its numbers only rise.

    Asked for: asked_at is set. Begun: started_at and until too. Nothing under way: all three are empty.
    """

    customer_id: orm.Column[UUID] = orm.identifier(primary=True)
    kind: orm.Column[str] = orm.choice(
        "provision", "migrate", "move", "copy", "restore", "purge", "suspend", "rotate", "drill"
    )
    fence: orm.Column[int] = orm.big(default=0)
    # Where the operation leads, in words of its own: a cluster's name, a copy's id.
    target: orm.Column[str] = orm.text(default="")
    step: orm.Column[str] = orm.text(default="")
    error: orm.Column[str] = orm.text(default="")
    # Each step with when it was done: "2026-03-02T09:00:00+00:00 cloned".
    steps: orm.Column[list[str]] = orm.texts()
    asked_at: orm.Column[datetime | None] = orm.time(optional=True)
    started_at: orm.Column[datetime | None] = orm.time(optional=True)
    until: orm.Column[datetime | None] = orm.time(optional=True)
    # The same of what was last, when it is over: until the next one begins, and it goes into the history.
    wanted_at: orm.Column[datetime | None] = orm.time(optional=True)
    begun_at: orm.Column[datetime | None] = orm.time(optional=True)
    ended_at: orm.Column[datetime | None] = orm.time(optional=True)

    indexes = (orm.index("leases_unfinished", "asked_at", where="asked_at IS NOT NULL"),)

    @classmethod
    async def ask(cls, customer: UUID, kind: Operation, target: str = "") -> Self:
        """For a worker to claim. Busy or Excluded while something else stands; the same kind again changes nothing."""
        lease = await cls._row(customer, kind)
        if not lease._free():
            if lease.kind == kind and lease.target == target:
                return lease
            lease._yields_to(kind)
        lease._begin(kind, target)
        return lease

    @classmethod
    async def ask_all(cls, customers: Collection[UUID], kind: Operation, target: str = "") -> int:
        """ask() for those with whom nothing stands; answers how many. A few statements, however many they are."""
        known = await cls._known(customers)
        all_ = (known.get(customer) or cls.add(customer_id=customer, **_blank(kind)) for customer in customers)
        free = [lease for lease in all_ if lease._free()]
        for lease in free:
            lease._begin(kind, target)
        return len(free)

    @classmethod
    async def take_all(cls, customers: Collection[UUID], kind: Operation) -> list[Self]:
        """take() for those with whom nothing stands, and something has before. A few statements, as ask_all()."""
        free = [lease for lease in (await cls._known(customers)).values() if lease._free()]
        for lease in free:
            lease._begin(kind, "")
            lease._start()
        return free

    @classmethod
    async def take(cls, customer: UUID, kind: Operation, target: str = "") -> Self:
        """Asked for and begun at once, under a new number. Of the same kind, one that was left is gone on with."""
        lease = await cls._row(customer, kind)
        if lease._free() or lease.kind != kind:
            if not lease._free():
                lease._yields_to(kind)
            lease._begin(kind, target)
        elif lease._running():
            raise Busy
        lease._start()
        return lease

    @classmethod
    async def claim(cls, kinds: Collection[Operation]) -> Self | None:
        """The oldest of these kinds that was asked for, or that its worker has left, under a new number."""
        now = surroundings().now
        waiting = cls.where(
            cls.kind.in_(sorted(kinds)), cls.asked_at.is_not(None), (cls.until.is_(None)) | (cls.until < now)
        )
        lease = await waiting.order_by(cls.asked_at).limit(1).lock(skip_locked=True).first()
        if lease is not None:
            lease._start()
        return lease

    @classmethod
    async def held(cls, customer: UUID, kind: Operation, fence: int) -> Self:
        """For each step, its row locked and its time renewed; TakenOver for a worker that slept."""
        lease = await cls.where(cls.customer_id == customer).lock().first()
        if lease is None or lease.kind != kind or lease.fence != fence or lease.until is None:
            raise TakenOver
        lease.until = surroundings().now + surroundings().lease
        return lease

    @classmethod
    async def keep(cls, customer: UUID, kind: Operation, fence: int) -> None:
        """As held(), by one statement that commits by itself; TakenOver."""
        until = surroundings().now + surroundings().lease
        if not await _kept().send(customer=customer, of=kind, number=fence, renewed=until):
            raise TakenOver

    @classmethod
    async def stepped(cls, customer: UUID, kind: Operation, fence: int, step: str) -> None:
        """The same, and what was done."""
        around = surroundings()
        until, said = around.now + around.lease, _said(around.now, step)
        if not await _stepped().send(customer=customer, of=kind, number=fence, renewed=until, done=step, said=said):
            raise TakenOver

    @classmethod
    async def let_go(cls, customer: UUID, kind: Operation, fence: int, error: str) -> None:
        """release(), by one statement that commits by itself; TakenOver."""
        now = surroundings().now
        if not await _let_go().send(customer=customer, of=kind, number=fence, reason=error, now=now):
            raise TakenOver

    @classmethod
    async def let_go_all(cls, kind: Operation, fences: Mapping[UUID, int]) -> None:
        """release() of those that nobody has taken over. A few statements, as take_all()."""
        for customer, lease in (await cls._known(fences)).items():
            if lease.kind == kind and lease.fence == fences[customer] and lease.until is not None:
                lease.release()

    @classmethod
    async def release_all(cls) -> None:
        """What was under way elsewhere is not under way here; but who is half made or half erased is brought to the
        end of that.
        """
        standing = cls.where(cls.asked_at.is_not(None), ~cls.kind.in_(("provision", "purge")))
        for lease in await standing.limit(100_000).all():
            lease.release()

    @classmethod
    async def standing(cls, customer: UUID) -> Self | None:
        """What is under way with a customer, if anything."""
        lease = await cls.where(cls.customer_id == customer).first()
        return None if lease is None or lease._free() else lease

    @classmethod
    def stands(cls) -> orm.Condition:
        """That a row is of something under way: the reverse of _free()."""
        now = surroundings().now
        kept = cls.until.is_(None) | (cls.until >= now) | cls.kind.in_(sorted(RESUMED))
        return cls.asked_at.is_not(None) & kept

    def reached(self, step: str) -> None:
        """In the transaction of what it is the step of."""
        self.step = step
        self.steps.append(_said(surroundings().now, step))

    def release(self, error: str = "") -> None:
        """The operation has ended, well or with an error: nothing of it stands any more."""
        self.error, self.ended_at = error, surroundings().now
        self.asked_at = self.started_at = self.until = None

    @classmethod
    async def _known(cls, customers: Collection[UUID]) -> dict[UUID, Self]:
        """Their rows, locked in one order whoever asks."""
        mine = cls.where(cls.customer_id.in_(list(customers))).order_by(cls.customer_id).limit(len(customers))
        return {one.customer_id: one for one in await mine.lock().all()}

    @classmethod
    async def _row(cls, customer: UUID, kind: Operation) -> Self:
        found = cls.where(cls.customer_id == customer).lock()
        if (lease := await found.first()) is not None:
            return lease
        # Two who ask at once: the second finds the first one's row, and waits for its lock.
        await orm.insert_or_skip(cls, {"customer_id": customer, **_blank(kind)})
        return await found.one()

    def _running(self) -> bool:
        return self.until is not None and self.until >= surroundings().now

    def _free(self) -> bool:
        """Nothing stands: nothing was asked for, or what was begun and left may be forgotten."""
        if self.asked_at is None:
            return True
        return self.until is not None and not self._running() and self.kind not in RESUMED

    def _yields_to(self, kind: Operation) -> None:
        rule = RULES.get((self.kind, kind), Rule.WAIT)
        if rule is Rule.EXCLUDE:
            raise Excluded
        if rule is Rule.WAIT:
            raise Busy

    def _begin(self, kind: Operation, target: str) -> None:
        self._remember()
        # Whoever held the row before must not take it for its own, even before the next one starts.
        self.kind, self.target, self.fence = kind, target, self.fence + 1
        self.step = self.error = ""
        self.asked_at = self.wanted_at = surroundings().now
        self.started_at = self.until = self.begun_at = self.ended_at = None
        self.steps = []

    def _start(self) -> None:
        around = surroundings()
        if self.begun_at is not None:
            self.steps.append(_said(around.now, AGAIN))
        self.begun_at = self.begun_at or around.now
        self.fence, self.error = self.fence + 1, ""
        self.started_at, self.until = self.started_at or around.now, around.now + around.lease

    def _remember(self) -> None:
        """What was last becomes history."""
        if self.wanted_at is not None:
            Past.add(
                customer_id=self.customer_id,
                kind=self.kind,
                target=self.target,
                asked_at=self.wanted_at,
                begun_at=self.begun_at,
                ended_at=self.ended_at,
                steps=list(self.steps),
                error=self.error,
            )


def _blank(kind: Operation) -> dict[str, Any]:
    return {"kind": kind, "fence": 0, "target": "", "step": "", "error": "", "steps": []}


def _said(now: datetime, step: str) -> str:
    return f"{now.isoformat(timespec='seconds')} {step}"


def _mine() -> "orm.Query[Lease]":
    """The lease of whoever shows this number, and has not let go. A step that a crash forgets is done again."""
    customer, kind = orm.parameter("customer", Lease.customer_id), orm.parameter("of", Lease.kind)
    held = Lease.where(Lease.customer_id == customer, Lease.kind == kind, Lease.until.is_not(None))
    return held.where(Lease.fence == orm.parameter("number", Lease.fence))


@orm.kept
def _kept() -> orm.PreparedUpdate:
    return orm.PreparedUpdate(_mine(), lazy=True, until=orm.parameter("renewed", Lease.until))


@orm.kept
def _stepped() -> orm.PreparedUpdate:
    until, step = orm.parameter("renewed", Lease.until), orm.parameter("done", Lease.step)
    steps = orm.function("array_append", Lease.steps, orm.parameter("said", Lease.step))
    return orm.PreparedUpdate(_mine(), lazy=True, until=until, step=step, steps=steps)


@orm.kept
def _let_go() -> orm.PreparedUpdate:
    reason = orm.parameter("reason", Lease.error)
    ended = orm.parameter("now", Lease.ended_at)
    return orm.PreparedUpdate(
        _mine(), lazy=True, error=reason, asked_at=None, started_at=None, until=None, ended_at=ended
    )
