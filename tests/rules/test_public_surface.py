"""What can be called from outside, by whom, and that nothing else can. A new door shows in review."""

import os
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import rpc
from orm import StatementCounter
from rpc import Credential, Kind
from rpc.signature import Parameter
from rpc.testing import example_arguments
from seldesk.methods import PUBLIC
from seldesk.methods.desk import mails, tickets
from seldesk.permissions import MACHINES, ROLES, STAFF
from tests.world import CLEO, Desk, World, mail

SNAPSHOT = Path(__file__).with_name("public_surface.txt")
FROM_OUTSIDE = (Kind.PERSON, Kind.TOKEN)
OPEN_TO_ALL = {
    "account.offer",
    "account.take_back",
    "attachments.download",
    "branding.logo",
    "entries.by_code",
    "entries.by_passkey",
    "entries.step",
    "people.choose_password",
    "people.link",
    "people.mail_link",
    "people.reset_password",
    "people.sign_in",
    "people.sign_in_by_link",
    "people.welcome",
    "requests.open",
    "staff_access.begin",
    "staff_access.offered",
    "sign_ups.begin",
    "sign_ups.confirm",
    "sign_ups.look",
    "sign_ups.offer",
    "sign_ups.progress",
    "sign_ups.read",
    "sign_ups.region",
    "staff_entry.begin",
    "staff_entry.by_code",
    "staff_entry.by_passkey",
    "staff_entry.choose_password",
    "staff_entry.enrol_code",
    "staff_entry.enrol_passkey",
    "staff_entry.enrolment",
    "staff_entry.step",
    "staff_entry.welcome",
}
# The public site, and how staff come in: the only parts of the control realm that anybody reaches.
AT_THE_SITE = {name for name in OPEN_TO_ALL if name.startswith(("sign_ups.", "staff_entry."))}


LINE = str(rpc.Line)


def hint(parameter: Parameter) -> str:
    text = str(parameter.hint).replace(LINE, "Line")
    for noise in ("typing.", "msgspec.", "uuid.", "datetime."):
        text = text.replace(noise, "")
    return re.sub(r"<class '([\w.]+)'>", r"\1", text) + ("" if parameter.required else " = ...")


def line(method: rpc.Method[..., Any]) -> str:
    kinds = ", ".join(sorted(method.kinds))
    parameters = "".join(f"\n    {one.name}: {hint(one)}" for one in method.signature.parameters)
    reads = ", reads" if method.reads else ""
    return f"{method.realm} {method.name}: {method.permission or 'anybody'} ({kinds}){reads}{parameters}"


def test_the_public_surface_is_the_reviewed_one() -> None:
    """After a review: SELDESK_SNAPSHOT=write scripts/test tests/rules."""
    surface = "\n".join(sorted(map(line, PUBLIC))) + "\n"
    if os.environ.get("SELDESK_SNAPSHOT") == "write":
        SNAPSHOT.write_text(surface)
    assert surface == SNAPSHOT.read_text()


@pytest.mark.asvs("V8.1.1", "V8.2.1")
def test_every_method_says_who_may() -> None:
    known = STAFF.union(*ROLES.values(), *MACHINES.values())
    assert {method.name for method in PUBLIC if method.permission is None} == OPEN_TO_ALL
    assert {method.permission for method in PUBLIC} - {None} <= known


def test_what_machines_may_can_be_granted_to_no_person() -> None:
    machines = frozenset().union(*MACHINES.values())
    for role in ROLES.values():
        assert not role & machines
    for method in PUBLIC:
        if method.permission in machines:
            assert not method.kinds & {Kind.PERSON, Kind.TOKEN, Kind.LINK, Kind.ANONYMOUS}, method.name


def test_the_control_realm_is_for_programs_and_staff_only() -> None:
    for method in PUBLIC:
        if method.name in AT_THE_SITE:
            assert method.realm == "control"
            assert method.kinds == {Kind.ANONYMOUS}, method.name
        elif method.realm == "control":
            assert method.kinds <= {Kind.JOB, Kind.COMMAND} or method.kinds == {Kind.STAFF}, method.name
        else:
            assert Kind.STAFF not in method.kinds, method.name


@pytest.mark.parametrize("kind", [*FROM_OUTSIDE, Kind.LINK, Kind.ANONYMOUS, Kind.STAFF])
@pytest.mark.flaw("Zammad CVE-2024-33667")
@pytest.mark.asvs("V8.1.1")
async def test_methods_of_other_kinds_are_answered_like_unknown_names_and_cost_no_query(
    world: World, kind: Kind
) -> None:
    dispatcher = world.app.dispatcher
    credential = Credential(kind=kind, place="acme", secret=world.acme.tokens["ann"])
    hidden = [method.name for method in PUBLIC if kind not in method.kinds]
    invented = [
        "tickets._seen",
        "tickets.__class__",
        "people.Person",
        "tickets.list.__globals__",
        "x" * 5000,
        "tіckets.list",
    ]
    answers = set()
    with StatementCounter() as counter:
        for name in hidden + invented:
            with pytest.raises(rpc.MethodNotFound) as refused:
                await dispatcher.answer(credential, name, {})
            answers.add((str(refused.value), refused.value.status, refused.value.number, str(refused.value.data)))
    assert len(hidden) > 5
    assert len(answers) == 1
    assert counter.count == 0


async def given_a_ticket(desk: Desk) -> dict[str, object]:
    """A ticket with a note and an attachment, and the ids that name them."""
    received = await desk.mail(mail(files={"plan.txt": b"secret plan"}, html="<p>secret plan</p>", to=desk.mailbox))
    assert received.ticket is not None
    ann = desk.by_token("ann")
    await ann(tickets.note, number=received.ticket, body="internal")
    read = await ann(tickets.read, number=received.ticket, messages=True)
    assert read.messages is not None
    return {
        "number": received.ticket,
        "message": read.messages[0].id,
        "attachment": read.messages[0].files[0].id,
        "assignee": (await ann(tickets.agents))[0].id,
        "bulk": (await ann(tickets.update_many, numbers=[received.ticket], priority="high")).id,
        "letter": UUID(int=1),
        "lease": UUID(int=1),
        "mail": UUID(int=1),
    }


@pytest.mark.flaw("Zulip CVE-2025-30369")
@pytest.mark.asvs("V8.2.2", "V8.4.1")
async def test_ids_of_one_customer_find_nothing_at_another(world: World) -> None:
    """Every method that takes an id, as an owner of the neighbour: not found, and Acme as it was."""
    globex, known = await world.neighbour(), await given_a_ticket(world.acme)
    # Globex has fewer tickets than Acme, so that the number is one that it does not have.
    before = await world.acme.by_token("ann")(tickets.read, number=_number(known), messages=True)
    bo = await globex.signed_in("bo")
    tried = 0
    for method in PUBLIC:
        # An assignee without a ticket narrows a list; the queue only tells what became of a bulk.
        ids = {each.name for each in method.signature.parameters} & known.keys() - {"assignee"}
        if method.name == "tickets.queue":
            continue
        for credential in (bo.credential, globex.by_token("bo").credential):
            if not ids or credential.kind not in method.kinds:
                continue
            arguments = example_arguments(method, **known)
            with pytest.raises((rpc.NotFound, rpc.MethodNotFound)):
                await world.app.dispatcher.answer(credential, method.name, arguments)
            tried += 1
    assert tried >= 10
    assert await world.acme.by_token("ann")(tickets.read, number=_number(known), messages=True) == before


async def test_an_agent_is_told_that_owners_methods_are_not_for_agents(world: World) -> None:
    """The one who works here may know of it; a requester may not."""
    with pytest.raises(rpc.Forbidden):
        await (await world.acme.signed_in("ann"))(mails.failures)
    await (await world.acme.signed_in("bo"))(mails.failures)


def _number(known: dict[str, object]) -> int:
    number = known["number"]
    assert isinstance(number, int)
    return number


def test_the_cast_stands_in_a_reserved_domain() -> None:
    assert CLEO.endswith(".example")
