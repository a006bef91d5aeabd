from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import orm
from seldesk.models.control import (
    access_letter,
    erasing_letter,
    incident_letter,
    report_letter,
    sign_up_letter,
    staff_letter,
)
from seldesk.models.control.incident_delivery import IncidentDelivery
from seldesk.models.control.sign_up import SignUp
from seldesk.models.mail_queue import MailQueue
from seldesk.surroundings import OPERATOR, surroundings

TRIED_FOR, KEPT = timedelta(hours=24), timedelta(days=30)
SIGN_UP, ERASING, INCIDENT, REPORT, STAFF = "sign_up", "erasing", "incident", "report", "staff"
# What each kind of letter is written out by; None where there is nobody any more whom it could be sent to.
Letter = Mapping[str, Any] | None
WRITTEN: Mapping[str, Callable[[orm.Claimed], Awaitable[Letter]]] = {
    SIGN_UP: sign_up_letter.write,
    ERASING: erasing_letter.write,
    INCIDENT: incident_letter.write,
    REPORT: report_letter.write,
    STAFF: staff_letter.write,
    access_letter.ENDED: access_letter.ended,
    access_letter.BROKEN: access_letter.broken,
    **dict.fromkeys(access_letter.WAYS_IN, access_letter.way_in),
}


class Outbox(MailQueue, table="outbox", schema="control"):
    """Mail of the operator's own. Its rows name sign-ups, never an address; but for one letter, whose addressee is
    being forgotten everywhere else: its row goes as soon as it is sent or given up.

    One whose worker died may have left already. It is written anew: the newer mail has the good link.
    """

    longest_pause: ClassVar[timedelta] = timedelta(hours=1)

    @classmethod
    async def post_confirmation(cls, sign_up: SignUp) -> None:
        await orm.flush()
        await cls.enqueue(SIGN_UP, {"sign_up": str(sign_up.id)}, now=surroundings().now)
        await orm.notify(("wakeups", str(OPERATOR.id)))

    @classmethod
    async def post_erasing(cls, slug: str, name: str, email: str) -> None:
        """To the primary address of a customer that is erased at once."""
        await cls.enqueue(ERASING, {"slug": slug, "name": name, "email": email}, now=surroundings().now)
        await orm.notify(("wakeups", str(OPERATOR.id)))

    @classmethod
    async def post_incident(cls, deliveries: Iterable[UUID], *, again: bool = False) -> None:
        """One mail for each; what becomes of it is written down there. again: each was handed over before."""
        payloads = {f"{INCIDENT}:{one}": {"delivery": str(one), "again": again} for one in deliveries}
        now = surroundings().now
        await cls.enqueue_all(INCIDENT, payloads, now=now, due=now)
        await orm.notify(("wakeups", str(OPERATOR.id)))

    @classmethod
    async def post_report(cls, report: UUID) -> None:
        """To the primary address of the customer that has asked for it."""
        await cls._post(REPORT, report=report)

    @classmethod
    async def post_access(cls, access: UUID) -> None:
        """To the primary address of the customer in whose account somebody was."""
        await cls._post(access_letter.ENDED, access=access)

    @classmethod
    async def post_broken(cls, grant: UUID) -> None:
        """To the primary address of a customer into whose account staff come without its owner's word."""
        await cls._post(access_letter.BROKEN, grant=grant)

    @classmethod
    async def post_way_in(cls, what: access_letter.WayIn, customer: UUID) -> None:
        """To the primary address of a customer as one of whose people somebody may come in, by the operator's doing."""
        await cls._post(what, customer=customer)

    @classmethod
    async def _post(cls, kind: str, **named: UUID) -> None:
        await orm.flush()
        await cls.enqueue(kind, {name: str(value) for name, value in named.items()}, now=surroundings().now)
        await orm.notify(("wakeups", str(OPERATOR.id)))

    @classmethod
    async def post_to_staff(cls, staff: UUID, what: str, detail: str, origin: str, place: str = "audit") -> None:
        """About an account, or about security: the row names one of the staff, and goes after a month. place is where
        at the console they look.
        """
        told = {"staff": str(staff), "what": what, "detail": detail, "from": origin, "place": place}
        await cls.enqueue(STAFF, told, now=surroundings().now)
        await orm.notify(("wakeups", str(OPERATOR.id)))

    @classmethod
    async def written(cls, claimed: orm.Claimed) -> Letter:
        return await WRITTEN[claimed.kind](claimed)

    @classmethod
    async def sent(cls, task_id: UUID, lease: UUID) -> None:
        task = await cls.get(task_id)
        await cls.done(task_id, lease, now=surroundings().now)
        await cls._tell(task, "sent")
        await cls._forget(task_id)

    @classmethod
    async def _forget(cls, task_id: UUID) -> None:
        await cls.where(cls.id == task_id, cls.kind == ERASING).delete()

    @classmethod
    async def failed(cls, task_id: UUID, lease: UUID, reason: str, *, permanent: bool) -> None:
        """Try again later, with growing pauses for a day; then give up."""
        now, task = surroundings().now, await cls.get(task_id)
        if permanent or now - task.created_at >= TRIED_FOR:
            await cls.dead(task_id, lease, now=now, error=reason)
            await cls._tell(task, "failed", reason)
            await cls._forget(task_id)
            return
        await cls.retry(task_id, lease, now=now, due=now + task.pause(), error=reason)
        await cls._tell(task, "waiting", reason)

    @classmethod
    async def _tell(cls, task: orm.Task, state: str, reason: str = "") -> None:
        """Show at the incident what became of its mail."""
        if task.kind == INCIDENT:
            delivery = await IncidentDelivery.get(UUID(task.payload["delivery"]))
            if state == "waiting":
                delivery.error = reason
            else:
                delivery.end(state, reason)

    @classmethod
    async def expire(cls) -> int:
        over = cls.state.in_(("done", "dead")), cls.created_at < surroundings().now - KEPT
        return await cls.where(*over).delete()
