"""A customer's own name, colour and logo: chosen by owners, seen by everybody, and nobody else's."""

from datetime import timedelta
from typing import Any

import pytest

import rpc
from rpc import Kind
from seldesk.methods.desk import branding, housekeeping, mailboxes, tickets
from tests.methods.desk.test_mailboxes import parts
from tests.storage.test_picture import jpeg, png
from tests.world import World, mail

NAME = "Acme <Machines> & Söhne"


def upload(content: bytes, kind: str = "image/png") -> rpc.Upload:
    return rpc.Upload(name="logo.svg", type=kind, content=content)


async def test_an_owner_sets_what_requesters_see_in_mails_and_pages(world: World) -> None:
    bo, globex = await world.acme.signed_in("bo"), await world.neighbour()
    mailbox = (await bo(mailboxes.page)).mailboxes[0].id
    await bo(mailboxes.update, mailbox=mailbox, signature="Your Acme")
    await bo(branding.update, name=NAME, accent="#FFD500", logo=upload(jpeg(300, 80), "image/svg+xml"))
    page = await bo(branding.page)
    assert (page.name, page.accent, page.logo, page.signature) == (NAME, "#ffd500", True, "Your Acme")
    logo = await world.acme.calling(Kind.ANONYMOUS, "")(branding.logo)
    assert (logo.type, logo.content) == ("image/jpeg", jpeg(300, 80)), "the type is what the content says"
    await world.app.refresh()
    assert (await bo(tickets.queue)).desk.customer == NAME, "it stands in the control database as well"
    await world.acme.mail(mail())
    await bo(tickets.reply, number=1, body="Unplug it.")
    await world.deliver(world.acme)
    confirmation, reply = (parts(letter.raw) for letter in world.relay.sent)
    for text, html in (confirmation, reply):
        assert "-- \nYour Acme\n" in text
        assert "Acme &lt;Machines&gt; &amp; Söhne</p>" in html
        assert "border-top: 4px solid #ffd500" in html
    with pytest.raises(rpc.NotFound):
        await globex.calling(Kind.ANONYMOUS, "")(branding.logo)
    assert (await (await globex.signed_in("bo"))(branding.page)).name == "Globex Support"
    await bo(branding.update, name="Acme", without_logo=True)
    page = await bo(branding.page)
    assert (page.name, page.accent, page.logo) == ("Acme", "", False)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {"name": "  "}),
        ("accent", {"accent": "red;}body{display:none"}),
        ("logo", {"logo": upload(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")}),
        ("logo", {"logo": upload(png(50_000, 50_000))}),
        ("logo", {"logo": upload(png(300, 15))}),
        ("logo", {"logo": upload(png(300, 80) + b"\0" * 512_000)}),
    ],
)
@pytest.mark.asvs("V1.3.4", "V5.2.3")
async def test_what_could_harm_a_page_is_refused_and_changes_nothing(
    world: World, field: str, given: dict[str, Any]
) -> None:
    bo = await world.acme.signed_in("bo")
    with pytest.raises(rpc.Invalid) as refused:
        await bo(branding.update, **{"name": "Other", **given})
    assert list(refused.value.fields) == [field]
    page = await bo(branding.page)
    assert (page.name, page.accent, page.logo) == ("Acme Support", "", False)


async def test_only_owners_choose(world: World) -> None:
    with pytest.raises(rpc.Forbidden):
        await (await world.acme.signed_in("ann"))(branding.update, name="Mine")


async def test_the_logo_outlives_the_sweep(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    await bo(branding.update, name="Acme", logo=upload(png(300, 80)))
    await bo(branding.update, name="Acme", logo=upload(png(200, 80)))
    world.clock.move(timedelta(days=2))
    await world.acme.program(Kind.JOB)(housekeeping.sweep)
    logo = await world.acme.calling(Kind.ANONYMOUS, "")(branding.logo)
    assert logo.content == png(200, 80)
