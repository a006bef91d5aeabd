"""What is written into the customer's audit, and when: decided here for every method, whatever its body does."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.staff_entry import Entered, SignedIn
from seldesk.methods.console.staff_self import Proof
from seldesk.methods.desk import (
    account,
    announcements,
    audits,
    backups,
    branding,
    contact_person,
    contacts,
    entries,
    erasures,
    exports,
    factors,
    founding,
    links,
    mailboxes,
    members,
    organisations,
    people,
    personal_data,
    plans,
    privacy,
    profile,
    reports,
    requests,
    restored,
    roles,
    saved_replies,
    sides,
    signing_in,
    staff_access,
    tags,
    teams,
    tokens,
    unsent,
)
from seldesk.methods.desk.audits import Kind
from seldesk.methods.desk.shapes.people import SignIn
from seldesk.methods.operated import operated
from seldesk.models import control
from seldesk.models import desk as models
from seldesk.surroundings import surroundings
from seldesk.trail import Trail

Methods = tuple[rpc.Method[..., Any], ...]
_BY_KIND: Mapping[Kind, Methods] = {
    "sign-in": (
        people.sign_in,
        people.sign_in_by_link,
        entries.by_code,
        entries.by_passkey,
        factors.prove,
        factors.prove_by_passkey,
        people.sign_out,
        people.end_session,
        members.end_sessions,
        requests.open,
        requests.sign_out,
    ),
    "password": (
        people.choose_password,
        people.reset_password,
        people.reset_factors,
        profile.change_password,
        factors.add_authenticator,
        factors.add_passkey,
        factors.remove,
        factors.renew_codes,
        members.reset_factors,
    ),
    "people": (
        people.invite,
        founding.begin,
        members.invite,
        members.send_again,
        members.revoke,
        members.update,
        members.disable,
        members.enable,
        profile.rename,
        contacts.place,
        contacts.rename,
        roles.create,
        roles.update,
        roles.delete,
    ),
    "tokens": (tokens.create, tokens.issue, tokens.revoke),
    "settings": (
        mailboxes.create,
        mailboxes.add,
        mailboxes.update,
        mailboxes.delete,
        branding.update,
        organisations.create,
        organisations.update,
        organisations.delete,
        teams.create,
        teams.update,
        teams.delete,
        signing_in.demand,
        tags.rename,
        tags.remove,
        saved_replies.create,
        saved_replies.update,
        saved_replies.delete,
    ),
    "data": (
        announcements.tell,
        audits.begin,
        backups.ask,
        backups.download,
        sides.ask,
        sides.remove,
        restored.mark,
        unsent.send,
        unsent.drop,
        exports.ask,
        links.read,
        links.withdraw,
        personal_data.begin,
        reports.ask,
        reports.read,
        privacy.close,
        privacy.take_back,
        privacy.erase,
        privacy.order,
        erasures.begin,
        erasures.erase,
    ),
    "access": (
        staff_access.turn_on,
        staff_access.turn_off,
        staff_access.request,
        staff_access.refused,
        staff_access.allowed,
        staff_access.begin,
        staff_access.ended,
    ),
    "account": (
        account.pause,
        account.resume,
        account.terminate,
        account.take_back,
        account.close,
        contact_person.choose,
        plans.choose,
    ),
}
AUDITED: Mapping[str, Kind] = {method.name: kind for kind, methods in _BY_KIND.items() for method in methods}


async def record(method: rpc.Method[Any, Any], caller: Caller, arguments: Mapping[str, object], result: object) -> None:
    """Called with each call that was done. The ids among what it was given, and what it made, are its objects."""
    _let_in(result)
    if method.realm == "control":
        await operated(method, caller, arguments)
        return
    kind = AUDITED.get(method.name)
    if kind is None:
        return
    trail, ids = surroundings().trail, _ids(arguments)
    if isinstance(result, UUID):
        trail.objects.setdefault("made", result)
    trail.about(ids.pop("person", None), **ids)
    models.AuditEntry.prepare(caller, kind, method.name)


async def denied(caller: Caller, method: rpc.Method[..., Any]) -> None:
    """Called, in a transaction of its own, with one that was refused to somebody who is known."""
    if method.realm == "control":
        await control.OperatorEntry.deny(caller, method.name)
    else:
        await models.AuditEntry.deny(caller, method.name)


async def strange(credential: rpc.Credential) -> int:
    """Called, in a transaction of its own, with a token that nobody has: seconds to wait after very many from there."""
    wait = await models.trying.strange_token(credential.address)
    surroundings().trail.answer = "wait" if wait else "refused"
    return wait


async def seal(trail: Trail) -> None:
    """Write the entry of a call at the end of the chain: its last statement."""
    for entry in trail.operators:
        await entry.attach()
    if trail.entry is not None:
        await trail.entry.attach()


def _let_in(result: object) -> None:
    """Refusals of those who sign in are answers, so that they stay counted: they are told by what they lack."""
    if isinstance(result, SignIn | Entered | SignedIn | Proof) and result.token is None:
        surroundings().trail.answer = "wait" if result.wait else "refused"


def _ids(arguments: Mapping[str, object]) -> dict[str, UUID]:
    return {name: value for name, value in arguments.items() if isinstance(value, UUID)}
