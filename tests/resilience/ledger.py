"""What customers did and were told, to be compared with what is there afterwards."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.world import Desk, World

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
                assert one.id or one.status == 451, one
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


async def check_mails(world: World, ledgers: Iterable[Ledger], arrived: Iterable[str], *, twice: int = 0) -> None:
    """I2: every reply has left, under its own Message-ID, and at most so many of all mails left a second time."""
    counts = Counter(arrived)
    replies: set[str] = set()
    for ledger in ledgers:
        told = "SELECT mail_id FROM app.messages WHERE side = 'agent' AND kind = 'message' AND delivery = 'sent'"
        sent = await world.rows(ledger.desk, told)
        everything = "SELECT mail_id FROM app.messages WHERE side = 'agent' AND kind = 'message'"
        assert sorted(sent) == sorted(await world.rows(ledger.desk, everything))
        replies.update(sent)
    assert replies
    assert replies - counts.keys() == set(), "lost"
    assert max(counts.values()) <= 2
    assert sum(counts.values()) - len(counts) <= twice
