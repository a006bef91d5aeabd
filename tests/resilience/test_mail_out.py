"""A relay that behaves badly, in every way that the order of SMTP allows."""

from datetime import timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from seldesk.jobs.relay import Smtp
from tests.jobs.replying import LEASE, drain, reasons, replied, replies
from tests.jobs.sink import Answer, Sink, drops, listening, stalls
from tests.world import World

A_WHILE = timedelta(hours=8)
PASSING: list[tuple[str, str | Answer]] = [
    ("MAIL", drops),
    ("RCPT", "450 Later"),
    ("DATA", drops),
    ("DATA", "451 Later"),
    ("DATA", stalls),
]


class Forgetful(Sink):
    """Takes a mail and is gone before it has said so, as often as it is told."""

    times = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        said = await super().handle_DATA(server, session, envelope)
        if self.times:
            self.times -= 1
            return await drops(server)
        return said


def bodies(sink: Sink) -> list[str]:
    texts = [message_from_bytes(raw).as_string() for raw in sink.taken]
    return [next(body for body in ("First.", "Second.", "Third.") if body in text) for text in texts]


@pytest.mark.fault(19)
async def test_what_passes_is_tried_again_until_it_has_left_once_and_in_order(world: World) -> None:
    number = await replied(world.acme, "First.", "Second.")
    sink = Sink()
    async with listening(sink) as port:
        relay = Smtp("127.0.0.1", port, tls="none", seconds=0.5)
        for command, answer in PASSING:
            sink.answers = {command: answer}
            await drain(world.acme, relay)
            assert sink.taken == []
            assert {reply.delivery for reply in await replies(world.acme, number)} == {"queued"}
            world.clock.move(A_WHILE)
        sink.answers = {}
        await drain(world.acme, relay)
        assert bodies(sink) == ["First.", "Second."]
        assert len(set(sink.ids)) == 2
    assert {reply.delivery for reply in await replies(world.acme, number)} == {"sent"}


@pytest.mark.fault(19)
async def test_what_was_taken_without_a_word_goes_out_once_more_as_the_same(world: World) -> None:
    await replied(world.acme, "First.", "Second.")
    sink = Forgetful()
    async with listening(sink) as port:
        relay = Smtp("127.0.0.1", port, tls="none", seconds=5.0)
        sink.times = 1
        for _ in range(3):
            await drain(world.acme, relay)
            world.clock.move(A_WHILE)
    assert bodies(sink) == ["First.", "First.", "Second."]
    assert len(set(sink.taken)) == len(set(sink.ids)) == 2


@pytest.mark.fault(19)
async def test_what_is_refused_for_good_is_noted_once_and_holds_up_nothing(world: World) -> None:
    number = await replied(world.acme, "First.", "Second.")
    sink = Sink({"DATA": "554 Not this one"})
    async with listening(sink) as port:
        relay = Smtp("127.0.0.1", port, tls="none", seconds=5.0)
        await drain(world.acme, relay)
        sink.answers = {}
        await replied(world.acme, "Third.", number=number)
        for _ in range(3):
            await drain(world.acme, relay)
            world.clock.move(LEASE * 40)
    assert bodies(sink) == ["Third."]
    assert [reply.delivery for reply in await replies(world.acme, number)] == ["failed", "failed", "sent"]
    assert await reasons(world.acme, number) == ["The relay said 554 Not this one"] * 2
