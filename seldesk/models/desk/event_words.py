from typing import Any
from uuid import UUID

import orm


class EventWords(orm.Model, table="event_words", schema="app"):
    """What an event says in words and addresses. An event itself is never changed, so what may have to be erased one
    day stands here beside it.
    """

    event_id: orm.Column[UUID] = orm.reference("log.events.id", primary=True)
    ticket_id: orm.Column[UUID] = orm.reference("app.tickets.id", delete="cascade")
    before: orm.Column[dict[str, Any]] = orm.json()
    after: orm.Column[dict[str, Any]] = orm.json()
