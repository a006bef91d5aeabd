"""Whom the operator writes to is one of the owners, whom the owners choose."""

from uuid import UUID

import pytest

import rpc
from rpc import Kind
from seldesk.errors import NotLikeThis
from seldesk.methods.control import contacts, customers
from seldesk.methods.control.contacts import Contact
from seldesk.methods.desk import contact_person, people, privacy
from tests.world import PASSWORD, World


async def second_owner(world: World) -> None:
    """Mira owns Acme too; Nils was asked to, and has not come yet."""
    command, nobody = world.acme.calling(Kind.COMMAND, ""), world.acme.calling(Kind.ANONYMOUS, "")
    invited = await command(people.invite, email="mira@acme.example", name="Mira Sand", role="owner")
    await nobody(people.choose_password, token=invited.secret.rpartition("/")[2], password=PASSWORD)
    await command(people.invite, email="nils@acme.example", name="Nils Ek", role="owner")


async def test_an_owner_names_another_one(world: World) -> None:
    await second_owner(world)
    bo = await world.acme.signed_in("bo")
    page = await bo(contact_person.page)
    assert page.now == Contact("", "")
    assert [one.name for one in page.owners] == ["Bo", "Mira Sand"]
    mira = page.owners[1]
    assert await bo(contact_person.choose, person=mira.id, password="wrong") == contact_person.Chosen(done=False)
    assert (await bo(contact_person.page)).now == Contact("", "")
    assert (await bo(contact_person.choose, person=mira.id, password=PASSWORD)).done
    assert (await bo(contact_person.page)).now == Contact("Mira Sand", "mira@acme.example")
    row = await world.app.program(Kind.COMMAND)(customers.read, slug="acme")
    globex = await world.neighbour()
    other = await world.app.program(Kind.COMMAND)(customers.read, slug=globex.slug)
    control = world.app.program(Kind.JOB)
    assert (await control(contacts.read, customer=row.id)).email == "mira@acme.example"
    assert (await control(contacts.read, customer=other.id)).email == ""


async def test_nobody_but_an_owner_who_came_can_be_named(world: World) -> None:
    await second_owner(world)
    bo, ann = await world.acme.signed_in("bo"), await world.acme.signed_in("ann")
    strangers = "SELECT id FROM app.people WHERE email IN ('nils@acme.example', 'ann@acme.example')"
    for person in await world.rows(world.acme, strangers):
        with pytest.raises(rpc.NotFound, match="Choose one of the owners"):
            await bo(contact_person.choose, person=UUID(person), password=PASSWORD)
    with pytest.raises(rpc.Forbidden):
        await ann(contact_person.page)


async def test_who_is_named_is_not_erased_before_another_is(world: World) -> None:
    """Else their name and address would stay in the control database."""
    await second_owner(world)
    bo = await world.acme.signed_in("bo")
    himself, mira = (await bo(contact_person.page)).owners
    assert (await bo(contact_person.choose, person=mira.id, password=PASSWORD)).done
    with pytest.raises(NotLikeThis, match="Choose another owner"):
        await bo(privacy.close, person=mira.id)
    with pytest.raises(NotLikeThis, match="Choose another owner"):
        await bo(privacy.erase, person=mira.id, password=PASSWORD, name="Mira Sand")
    assert (await bo(contact_person.choose, person=himself.id, password=PASSWORD)).done
    await bo(privacy.close, person=mira.id)
