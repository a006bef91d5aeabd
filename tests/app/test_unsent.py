"""After a copy took the place of everything: the audit says so, and an owner decides what becomes of held mail."""

from datetime import timedelta

import pytest

import rpc
from seldesk.methods.desk import audits, backups, tickets, unsent
from tests.app.copied import copied, restored
from tests.world import CLEO, World, mail


@pytest.mark.long
async def test_held_mail_is_listed_and_sent_or_dropped_and_the_audit_has_a_seam(world: World) -> None:
    acme = world.acme
    await acme.mail(mail(subject="Before"))
    ann = await acme.signed_in("ann")
    await ann(tickets.reply, number=1, body="Turn it off.")
    made = await copied(world, acme)
    world.clock.move(timedelta(minutes=1))
    one = await restored(world, acme, "live", made)
    assert (one.state, one.superseded) == ("done", 2)
    bo = await acme.signed_in("bo")
    seam = next(entry for entry in (await bo(audits.page)).items if entry.method == "restored.mark")
    assert seam.objects == {"restore": str(one.id), "copy": str(made)}
    assert (await bo(audits.verify)).wrong == ""
    assert (await bo(backups.page)).unsent == 2
    reply, confirmation = (await bo(unsent.page)).items
    assert [(row.kind, row.recipient, row.number, row.subject) for row in (reply, confirmation)] == [
        ("reply", CLEO, 1, "Before"),
        ("confirmation", CLEO, 1, "Before"),
    ]
    await world.deliver(acme)
    assert world.relay.sent == []
    await bo(unsent.send, mail=confirmation.id)
    await bo(unsent.drop, mail=reply.id)
    for decided in (reply, confirmation):
        with pytest.raises(rpc.NotFound):
            await bo(unsent.send, mail=decided.id)
    await world.deliver(acme)
    assert len(world.relay.sent) == 1
    messages = (await bo(tickets.read, number=1, messages=True)).messages or []
    assert [message.delivery for message in messages][-1] == "failed"
    assert (await bo(unsent.page)).items == []
