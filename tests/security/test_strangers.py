"""Every public method, called at every door by somebody without the right to it."""

from collections.abc import Iterator

import pytest

import rpc
from rpc import Credential, Kind
from rpc.testing import Answered, strangers
from seldesk.methods import PUBLIC
from seldesk.methods.desk import tokens
from seldesk.permissions import MACHINES, REQUESTER, STAFF_ROLES, WORKER
from tests.mailed import signed_in
from tests.methods.desk.test_roles import hired as agent
from tests.methods.desk.test_roles import made
from tests.staff import hired as staff
from tests.world import World, address, mail

pytestmark = pytest.mark.asyncio(loop_scope="module")
REFUSALS = {"method_not_found", "forbidden", "unauthenticated"}


class NobodyIsWithout(rpc.Error):
    """A program of ours is known by its door alone, so at its door there is none without its rights."""

    code = "nobody_is_without"


class Strangers:
    """Of each kind somebody who may not what the method wants; nobody at all where everybody of that kind may."""

    def __init__(self, secrets: dict[Kind, list[tuple[str, frozenset[str]]]]) -> None:
        self._secrets = secrets

    def __call__(self, method: rpc.Method[..., object], kind: Kind) -> Credential:
        if kind in method.kinds and kind in MACHINES:
            raise NobodyIsWithout
        known = self._secrets.get(kind, [])
        secret = next((secret for secret, may in known if method.permission not in may), "nobody's")
        place = "acme" if method.realm == "desk" else None
        return Credential(kind=kind, place=place, secret=secret, address="192.0.2.1", request_id="test")


async def known(world: World) -> Strangers:
    """A requester; an agent whose role grants nothing, and their token; two of the staff with a role each."""
    await world.acme.mail(mail())
    iris = await agent(world, await made(world, name="Reader"))
    issued = await world.acme.program(Kind.COMMAND)(tokens.create, email=address("iris", "acme"), name="Iris")
    billing = await staff(world, "billing", email="ben@operator.example")
    support = await staff(world, "support", email="sue@operator.example")
    return Strangers(
        {
            Kind.PERSON: [(iris.credential.secret, WORKER), ((await signed_in(world)).credential.secret, REQUESTER)],
            Kind.TOKEN: [(issued.secret, WORKER)],
            Kind.STAFF: [(billing.token, STAFF_ROLES["billing"]), (support.token, STAFF_ROLES["support"])],
        }
    )


def let_in(answers: list[Answered]) -> Iterator[str]:
    for each in answers:
        if each.code not in REFUSALS | {NobodyIsWithout.code}:
            yield f"{each.method} as {each.kind}: {each.code or each.result}"


@pytest.mark.long
async def test_no_method_lets_in_who_has_no_right_to_it(world: World) -> None:
    answers = await strangers(world.app.dispatcher, PUBLIC, await known(world))
    assert list(let_in(answers)) == []
    kinds = {method.name: method.kinds for method in PUBLIC}
    at_other_doors = {each.code for each in answers if each.kind not in kinds[each.method]}
    assert at_other_doors == {"method_not_found"}
    at_their_own = {(each.kind, each.code) for each in answers if each.kind in kinds[each.method]}
    assert {(Kind.PERSON, "forbidden"), (Kind.TOKEN, "forbidden"), (Kind.STAFF, "forbidden")} <= at_their_own
