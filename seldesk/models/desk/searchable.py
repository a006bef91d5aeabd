from collections.abc import Iterable
from uuid import UUID

import orm
from seldesk.caller import Caller

SUBJECT, PEOPLE, SAID, NOTED = "ABCD"
# A ticket must be found quickly and written quickly, however much was said in it.
MOST_WORDS = 8_000
MOST_OF_A_TEXT = 2_000
LONGEST_TEXT = 40_000


class Searchable(orm.Model, table="ticket_search", schema="app"):
    """The words by which a ticket is found, written with what they come from.

    It has no time of its own: a change of status would write all of its words anew.
    """

    ticket_id: orm.Column[UUID] = orm.reference("app.tickets.id", primary=True, delete="cascade")
    words: orm.Column[str] = orm.search.column()
    size: orm.Column[int] = orm.integer()

    indexes = (orm.index("ticket_search_words", "words", using="gin"),)

    @classmethod
    def begin(cls, ticket: UUID, subject: str, requester: str) -> None:
        words = orm.search.document({SUBJECT: _words(subject), PEOPLE: _words(requester)})
        cls.add(ticket_id=ticket, words=words, size=0)

    @classmethod
    async def extend(cls, ticket: UUID, text: str, *, note: bool) -> None:
        """Add what was said, until enough is known of this ticket."""
        if words := _words(text):
            more = orm.search.document({NOTED if note else SAID: words})
            await _extended().send(ticket=ticket, more=more, count=len(words))

    @classmethod
    async def retell(cls, ticket: UUID, said: Iterable[tuple[str, bool]]) -> None:
        """The words of all that was said, and whether it is a note, anew: some of it was taken out."""
        bare = orm.search.without(orm.search.without(cls.words, SAID), NOTED)
        await cls.where(cls.ticket_id == ticket).update(words=bare, size=0)
        for text, note in said:
            await cls.extend(ticket, text, note=note)

    @classmethod
    async def rename(cls, ticket: UUID, subject: str) -> None:
        rest = orm.search.without(cls.words, SUBJECT)
        new = orm.search.joined(rest, orm.search.document({SUBJECT: _words(subject)}))
        await cls.where(cls.ticket_id == ticket).update(words=new)

    @staticmethod
    def parts(caller: Caller) -> str:
        """Where this caller may look: notes are for those who work on tickets."""
        return SUBJECT + PEOPLE + SAID + (NOTED if caller.may("tickets.read") else "")


@orm.kept
def _extended() -> orm.PreparedUpdate:
    wanting = Searchable.where(
        Searchable.ticket_id == orm.parameter("ticket", Searchable.ticket_id), Searchable.size < MOST_WORDS
    )
    more, count = orm.parameter("more", Searchable.words), orm.parameter("count", Searchable.size)
    return orm.PreparedUpdate(wanting, words=orm.search.joined(Searchable.words, more), size=Searchable.size + count)


def _words(text: str) -> list[str]:
    return orm.search.words(text[:LONGEST_TEXT])[:MOST_OF_A_TEXT]
