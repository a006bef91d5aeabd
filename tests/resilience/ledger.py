"""What customers did and were told, to be compared with what is there afterwards."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

from tests.world import Desk, World

CONFIRMED = "We have received your request"
POSTED = """
SELECT p.email FROM app.outbox o JOIN app.tickets t ON t.id = (o.payload ->> 'ticket')::uuid
JOIN app.people p ON p.id = t.requester_id WHERE o.kind = 'confirmation'
"""
LONGEST = 30.0  # seconds in which every call is answered
LEEWAY = 3.0  # seconds that a busy machine may add


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that was not done. status 0: nobody answered, for whoever should was killed."""

    what: str
    status: int
    code: str
    id: str
    seconds: float
    ended: float


@dataclass
class Ledger:
    """All of one customer's writes, by a text that is in no other."""

    desk: Desk
    tried: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    failures: list[Failure] = field(default_factory=list)
    answered: int = 0

    def mark(self, what: str) -> str:
        text = f"{self.desk.slug} {what} {len(self.tried)}."
        self.tried.add(text)
        return text

    def check_failures(self) -> None:
        """I4: who was refused was told so in time, in words and with an id."""
        for one in self.failures:
            assert one.seconds <= LONGEST + LEEWAY, one
            if one.status:
                assert one.status in (503, 451), one
                assert one.id, one
                assert one.code, one

    async def check(self, world: World) -> None:
        """I1: what was acknowledged is there once; I3: nothing of anybody else's is."""
        texts = Counter(await world.rows(self.desk, "SELECT btrim(text, E'\\n') FROM app.messages"))
        assert self.acknowledged
        wrong = [f"{text!r} is there {texts[text]} times" for text in self.acknowledged if texts[text] != 1]
        assert not wrong, "\n".join(wrong)
        assert {text: count for text, count in texts.items() if count > 1} == {}
        assert {text for text in texts if text not in self.tried} == set()
        subjects = await world.rows(self.desk, "SELECT subject FROM app.tickets")
        assert {subject for subject in subjects if not subject.startswith(f"{self.desk.slug} ")} == set()
        self.check_failures()


async def check_mails(world: World, ledgers: Sequence[Ledger], taken: Iterable[bytes], *, twice: int = 0) -> None:
    """I2: every reply and every confirmation has left, under its own Message-ID, and at most so many of all mails left
    a second time.
    """
    mails = [message_from_bytes(raw) for raw in taken]
    counts = Counter(str(mail["Message-ID"]) for mail in mails)
    replies: set[str] = set()
    for ledger in ledgers:
        told = "SELECT mail_id FROM app.messages WHERE side = 'agent' AND kind = 'message' AND delivery = 'sent'"
        sent = await world.rows(ledger.desk, told)
        everything = "SELECT mail_id FROM app.messages WHERE side = 'agent' AND kind = 'message'"
        assert sorted(sent) == sorted(await world.rows(ledger.desk, everything))
        replies.update(sent)
    assert replies
    assert replies - counts.keys() == set(), "lost"
    await _check_confirmations(world, ledgers, mails)
    assert max(counts.values()) <= 2
    assert sum(counts.values()) - len(counts) <= twice


async def _check_confirmations(world: World, ledgers: Sequence[Ledger], mails: Iterable[Message]) -> None:
    """Each that was posted and not withheld has reached whom it is for, once but for what left a second time; and who
    was never to have one has none.
    """
    theirs = [mail for mail in mails if str(mail["Subject"]).startswith(CONFIRMED)]
    confirmed = {(str(mail["To"]), str(mail["Message-ID"])) for mail in theirs}
    posted: list[str] = []
    for ledger in ledgers:
        assert await world.rows(ledger.desk, f"{POSTED} AND o.state <> 'done'") == []
        posted += await world.rows(ledger.desk, f"{POSTED} AND o.state = 'done'")
    assert posted
    assert sorted(to for to, _ in confirmed) == sorted(posted)
