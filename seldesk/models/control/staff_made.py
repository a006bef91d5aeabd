"""Whose hands were in an account of the staff: whoever made it, or began it anew, had a link that leads in."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal
from uuid import UUID

import rpc
from seldesk.models.control.operator_log import OperatorEntry
from seldesk.surroundings import surroundings

Made = Literal["added", "factors reset", "roles changed"]
# As all are told of it who look after security.
MADE: Mapping[Made, str] = {
    "added": "staff added",
    "factors reset": "staff reset",
    "roles changed": "staff given roles",
}
WITHIN, LOOKED_AT = timedelta(days=7), 200  # entries
TOO_CLOSE = (
    "One of your two accounts was added, reset or given its roles by the other one within the last 7 days, or both by "
    "the same colleague. Somebody else must approve this."
)


async def demand_two(asker: UUID, approver: UUID) -> None:
    """Forbidden where two accounts may be one person: one of the two, or a third one, lately had both in hand."""
    hands = {asker: {asker}, approver: {approver}}
    entry, since = OperatorEntry, surroundings().now - WITHIN
    made = entry.where(entry.about_id.in_(list(hands)), entry.kind.in_(list(MADE)), entry.happened_at > since)
    for one in await made.order_by(entry.number.desc()).limit(LOOKED_AT).all():
        if one.about_id is not None and one.staff_id is not None:
            hands[one.about_id].add(one.staff_id)
    if hands[asker] & hands[approver]:
        raise rpc.Forbidden(TOO_CLOSE)
