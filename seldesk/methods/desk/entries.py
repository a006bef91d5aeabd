"""The second step of signing in. Refusals are answers, so that they stay counted."""

from typing import Annotated

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.shapes.factors import Step
from seldesk.methods.desk.shapes.people import SignIn, signed_in
from seldesk.models import desk as models
from seldesk.models import second_factor

ANYBODY = (rpc.Kind.ANONYMOUS,)
Secret = Annotated[str, Meta(min_length=1, max_length=100)]
Code = Annotated[str, Meta(min_length=1, max_length=40)]
Answer = Annotated[str, Meta(min_length=1, max_length=16_000)]
Device = Annotated[str, Meta(max_length=100)]


@rpc.public(None, kinds=ANYBODY)
async def step(caller: Caller, secret: Secret) -> Step:
    """What the second step asks for. Each look brings a new challenge, and the one before it is over."""
    entry, person = await models.Entry.open(secret)
    factors = await models.Factor.of(person.id)
    known = [one.credential for one in factors if one.credential is not None]
    asked = None
    if known:
        shown = await models.FactorOffer.challenge_for(entry.id)
        asked = second_factor.authentication(models.Factor.party(), shown, known)
    return Step(person.email, any(one.secret is not None for one in factors), asked)


@rpc.public(None, kinds=ANYBODY)
async def by_code(caller: Caller, secret: Secret, code: Code, device: Device = "") -> SignIn:
    """The second step: a code of an authenticator program, or a recovery code."""
    return signed_in(await models.entrance.by_code(caller, secret, code, device))


@rpc.public(None, kinds=ANYBODY)
async def by_passkey(caller: Caller, secret: Secret, answer: Answer, device: Device = "") -> SignIn:
    """The second step: what a passkey answers to the challenge that was shown."""
    return signed_in(await models.entrance.by_passkey(caller, secret, answer, device))
