"""People whom an agent may mean while typing."""

from typing import Any, TypeVar

import orm
from seldesk.caller import Caller
from seldesk.models.desk.person import Person
from seldesk.models.desk.ticket import Ticket

Shape = TypeVar("Shape")
MOST = 8


async def people(caller: Caller, query: str, shape: type[Shape]) -> list[Shape]:
    """Those whose name, last name or address begins like this, by name. Who works on some tickets only is told of
    their requesters and nobody else.
    """
    begun = query.strip().lower()
    last_name = orm.function("split_part", Person.name, orm.constant(" "), orm.constant("-1"))
    alike = [_begins(spelt, begun) for spelt in (Person.email, orm.lower(Person.name), orm.lower(last_name))]
    known = Person.where(orm.or_(*alike), Person.disabled_at.is_(None))
    if caller.role == "limited":
        known = known.where(orm.exists(Ticket.seen_by(caller).where(Ticket.requester_id == Person.id)))
    named = known.order_by(Person.name, Person.id).limit(MOST)
    return await named.into(shape, id=Person.id, name=Person.name, email=Person.email)


def _begins(spelt: Any, begun: str) -> orm.Condition:
    """As a range, which an index serves whatever letters there are."""
    return orm.and_(spelt >= begun, spelt < begun + "\U0010ffff")
