"""What a session may be used for before it has shown enough: decided here for every method, whatever its body does."""

from typing import Any

import rpc
from seldesk.caller import Caller
from seldesk.errors import FactorNeeded, ProofNeeded
from seldesk.methods.desk import (
    account,
    audits,
    backups,
    contact_person,
    exports,
    factors,
    links,
    members,
    people,
    personal_data,
    privacy,
    profile,
    sides,
    signing_in,
    tokens,
)
from seldesk.models.proof import is_fresh
from seldesk.surroundings import surroundings

# All that is left of a session without a second factor, for somebody who must have one.
ENROLLING = frozenset(
    method.name
    for method in (
        factors.add_authenticator,
        factors.add_passkey,
        factors.challenge,
        factors.new,
        factors.prove,
        factors.prove_by_passkey,
        people.sign_out,
    )
)
# What a session that was left open is not enough for: ways in, and what leaves the house as a file.
MATTERS = frozenset(
    method.name
    for method in (
        audits.begin,
        factors.add_authenticator,
        factors.add_passkey,
        factors.new,
        factors.remove,
        factors.renew_codes,
        links.read,
        members.reset_factors,
        personal_data.begin,
        signing_in.demand,
        tokens.issue,
    )
)
# These ask for the password themselves; of who has a second factor they want that too.
WITH_PASSWORD = frozenset(
    method.name
    for method in (
        account.terminate,
        backups.download,
        contact_person.choose,
        exports.ask,
        privacy.erase,
        profile.change_password,
        sides.ask,
    )
)


def admit_session(caller: Caller, method: rpc.Method[..., Any]) -> None:
    """FactorNeeded, or ProofNeeded, for a person's session that has not shown enough for this."""
    if not caller.factor and surroundings().demands_factor(caller.role) and method.name not in ENROLLING:
        raise FactorNeeded
    matters = method.name in MATTERS or (method.name in WITH_PASSWORD and caller.factor != "")
    allowed = method.permission is None or caller.may(method.permission)
    if matters and allowed and not is_fresh(caller):
        raise ProofNeeded
