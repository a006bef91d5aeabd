"""What is known of one customer, beside its row: figures, copies, restores, what was done with it."""

from typing import Any, TypeVar

import orm
from seldesk.models.control.act import Act
from seldesk.models.control.alert import Alert
from seldesk.models.control.copy import Copy
from seldesk.models.control.customer import Customer
from seldesk.models.control.figures import CustomerFigures
from seldesk.models.control.former import Former
from seldesk.models.control.lease import Lease
from seldesk.models.control.operation import Operation
from seldesk.models.control.restore import Restore
from seldesk.models.control.searching import health, standing
from seldesk.models.control.wakeup import Wakeup

Shape = TypeVar("Shape")
COPIES, RESTORES, ACTS, OPERATIONS, ALERTS = 30, 10, 30, 30, 50


async def read(customer: Customer, shape: type[Shape], **parts: type[Any]) -> Shape:
    """All of it in one statement. parts: the shapes of figures, copies, restores, acts, operations and alerts."""
    whole = (
        Customer.where(Customer.id == customer.id)
        .join(Lease, (Lease.customer_id == Customer.id) & Lease.asked_at.is_not(None), optional=True)
        .join(CustomerFigures, CustomerFigures.customer_id == Customer.id, optional=True)
    )
    good = Copy.where(Copy.customer_id == Customer.id, Copy.verified_at.is_not(None))
    drilled = good.where(Copy.restored_at.is_not(None)).order_by(Copy.restored_at.desc()).limit(1)
    columns: dict[str, Any] = {
        "health": health(),
        "due_at": Wakeup.where(Wakeup.customer_id == Customer.id).column(orm.minimum(Wakeup.due_at)),
        "left_behind": Former.where(Former.customer_id == Customer.id).column(orm.count()),
        "drilled_at": drilled.column(Copy.restored_at),
        "drill_seconds": drilled.column(Copy.restore_seconds),
        "good": orm.capped(good.where(Copy.damaged_at.is_(None)), 1000),
        "figures": _figures(parts["figures"]),
        "copies": _copies(good, parts["copies"]),
        "restores": _restores(parts["restores"]),
        "acts": _acts(parts["acts"]),
        "operations": _operations(parts["operations"]),
        "alerts": _alerts(parts["alerts"]),
    }
    return await whole.one_into(shape, **columns)


def _figures(shape: type[Any]) -> orm.Expression:
    held = CustomerFigures.alias("held")
    columns = {name: getattr(held, name) for name in shape.__dataclass_fields__}
    return held.where(held.customer_id == Customer.id).limit(1).as_list(shape, **columns)


def _copies(good: "orm.Query[Copy]", shape: type[Any]) -> orm.Expression:
    newest = good.order_by(Copy.snapshot_at.desc()).limit(COPIES)
    return newest.as_list(
        shape,
        id=Copy.id,
        kind=Copy.kind,
        snapshot_at=Copy.snapshot_at,
        size=Copy.size,
        replicas=Copy.replicas,
        damaged_at=Copy.damaged_at,
        restored_at=Copy.restored_at,
    )


def _restores(shape: type[Any]) -> orm.Expression:
    newest = Restore.where(Restore.customer_id == Customer.id).order_by(Restore.asked_at.desc()).limit(RESTORES)
    return newest.as_list(
        shape,
        id=Restore.id,
        kind=Restore.kind,
        state=Restore.state,
        slug=Restore.slug,
        error=Restore.error,
        snapshot_at=Restore.snapshot_at,
        asked_at=Restore.asked_at,
        began_at=Restore.began_at,
        ended_at=Restore.ended_at,
        until=Restore.until,
    )


def _acts(shape: type[Any]) -> orm.Expression:
    newest = Act.where(Act.customer_id == Customer.id).order_by(Act.id.desc()).limit(ACTS)
    columns = {"what": Act.what, "detail": Act.detail, "by": Act.by, "at": Act.at, "told_at": Act.told_at}
    return newest.as_list(shape, **columns)


def _operations(shape: type[Any]) -> orm.Expression:
    newest = Operation.where(Operation.customer_id == Customer.id).order_by(Operation.id.desc()).limit(OPERATIONS)
    return newest.as_list(shape, **{name: getattr(Operation, name) for name in shape.__dataclass_fields__})


def _alerts(shape: type[Any]) -> orm.Expression:
    oldest = standing().order_by(Alert.since, Alert.id).limit(ALERTS)
    columns = {"check": Alert.check, "subject": Alert.subject, "detail": Alert.detail, "since": Alert.since}
    return oldest.as_list(shape, **columns)
