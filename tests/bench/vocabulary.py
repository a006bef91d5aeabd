"""What the tickets say: everyday words, and words of which it is known how many tickets have them."""

from collections.abc import Iterator
from functools import lru_cache

import orm

# Each stands in nearly every ticket, in one of 32, in one of 512, in none.
COMMON = ("please", "thanks", "order", "account")
MID = ("invoice", "shipment", "warranty", "firmware", "keyboard", "browser", "calendar", "projector")
RARE = ("gasket", "turnstile", "zeppelin", "marmalade", "oscillator", "parquet", "lanyard", "quiver")
ABSENT = ("xylograph", "vuvuzela", "hovercraft", "sasquatch")
EVERY_MID, EVERY_RARE = 32, 512
TAGS = (
    "billing",
    "delivery",
    "hardware",
    "login",
    "mail",
    "printing",
    "returns",
    "security",
    "training",
    "urgent-site",
)
SUBJECTS = (
    "The printer on the second floor smokes",
    "Cannot sign in since this morning",
    "Parcel was left at the wrong address",
    "Which tariff is right for a small office",
    "Screen stays dark after the update",
    "Question about the contract that ends in March",
    "Export stops half way",
    "New colleague needs access",
    "The lift panel shows an error again",
    "Refund has not arrived",
)
SENTENCES = (
    "Good morning, please have a look at this when you find the time.",
    "It began on Monday after the cleaning team had moved the desks.",
    "We tried it with two cables and from another room, and nothing changed.",
    "The number on the label ends with seven four two, as far as one can read it.",
    "My account shows the order as delivered, but nobody here has seen it.",
    "I would be glad to hear from you before the end of the week.",
    "Our branch in the north has the same trouble since yesterday.",
    "The manual says to hold the left button for ten seconds, which does nothing.",
    "A picture of the message is attached, it comes up every time.",
    "We need it for the meeting on Thursday, at the latest.",
    "The technician who came last time replaced a small part in the back.",
    "It works when I use my telephone instead of the office network.",
)
ENDING = "Many thanks for your help with this order and our account, please tell us if you need more."


def subject(number: int) -> str:
    return f"{SUBJECTS[number % len(SUBJECTS)]} ({1000 + number * 7919 % 9000})"


def text(number: int, turn: int) -> str:
    """What is said at this turn of this ticket. The words that are counted stand in its first message."""
    first, length = (number * 7 + turn * 3) % len(SENTENCES), 3 + (number + turn) % 4
    said = [SENTENCES[(first + step) % len(SENTENCES)] for step in range(length)]
    return "\n\n".join([*said, *(_counted(number) if turn == 0 else ())])


def _counted(number: int) -> Iterator[str]:
    yield ENDING
    if number % EVERY_MID == 0:
        yield f"It is about the {MID[number // EVERY_MID % len(MID)]}, as in my last mail."
    if number % EVERY_RARE == 5:
        yield f"The model is called {RARE[number // EVERY_RARE % len(RARE)]}."


def classes() -> dict[str, list[str]]:
    """Queries by how many tickets they find."""
    return {
        "common": [*COMMON],
        "mid": [*MID],
        "rare": [*RARE],
        "absent": [*ABSENT],
        "two words": [f"{common} {mid}" for common in COMMON[:2] for mid in MID[:4]],
    }


def known(query: str, tickets: int) -> int:
    """How many of so many tickets have these words."""
    each = [_standing(word, tickets) for word in query.split()]
    return min(each)


def _standing(word: str, tickets: int) -> int:
    if word in COMMON:
        return tickets
    for words, every, first in ((MID, EVERY_MID, 0), (RARE, EVERY_RARE, 5)):
        if word in words:
            numbers = range(first or every, tickets + 1, every)
            return sum(words[number // every % len(words)] == word for number in numbers)
    return 0


@lru_cache(maxsize=4096)
def words(said: str) -> tuple[str, ...]:
    return tuple(orm.search.words(said))
