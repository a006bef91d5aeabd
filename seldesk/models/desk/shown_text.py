"""How much is shown of what was written in a ticket: it may have long messages or many, and whoever mails it both would
fill the memory of the process that shows it.
"""

import orm
from seldesk.models.desk.message import Message

MOST_MESSAGES = 500
# Characters of all of them together, and what is shown of each in any case.
MOST, LEAST = 1_000_000, 4_000
MORE = "\n\n… The rest of this long text is left out here."
_Beside = Message.alias("beside_it")


def columns(ticket: orm.Expression) -> dict[str, orm.Expression]:
    """text and markdown of a message, each cut or left out where there is no room for all of it."""
    beside = orm.capped(_Beside.where(_Beside.ticket_id == ticket), MOST_MESSAGES)
    room = orm.function("int4", orm.greatest(LEAST, MOST // beside))
    length, beginning = orm.function("length", Message.text), orm.function("substr", Message.text, 1, room)
    return {
        "text": orm.case((length > room, orm.function("concat", beginning, MORE)), otherwise=Message.text),
        "markdown": orm.case((orm.function("length", Message.markdown) <= 2 * room, Message.markdown)),
    }
