"""What is written into the customer's audit, and when: decided here for every method, whatever its body does."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk import (
    account,
    audits,
    backups,
    branding,
    contact_person,
    contacts,
    erasures,
    exports,
    founding,
    links,
    mailboxes,
    members,
    organisations,
    people,
    personal_data,
    privacy,
    profile,
    requests,
    restored,
    sides,
    tags,
    teams,
    tokens,
    unsent,
)
from seldesk.methods.desk.audits import Kind
from seldesk.models import desk as models
from seldesk.surroundings import surroundings
from seldesk.trail import Trail

Methods = tuple[rpc.Method[..., Any], ...]
_BY_KIND: Mapping[Kind, Methods] = {
    "sign-in": (
        people.sign_in,
        people.sign_in_by_link,
        people.sign_out,
        people.end_session,
        requests.open,
        requests.sign_out,
    ),
    "password": (people.choose_password, people.reset_password, profile.change_password),
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
    ),
    "tokens": (tokens.create, tokens.issue, tokens.revoke),
    "settings": (
        mailboxes.create,
        mailboxes.add,
        mailboxes.update,
        branding.update,
        organisations.create,
        organisations.update,
        organisations.delete,
        teams.create,
        teams.update,
        tags.rename,
        tags.remove,
    ),
    "data": (
        audits.lines,
        backups.ask,
        backups.download,
        sides.ask,
        sides.remove,
        restored.mark,
        unsent.send,
        unsent.drop,
        exports.ask,
        links.withdraw,
        personal_data.begin,
        privacy.close,
        privacy.take_back,
        privacy.erase,
        erasures.begin,
        erasures.erase,
    ),
    "account": (
        account.pause,
        account.resume,
        account.terminate,
        account.take_back,
        account.close,
        contact_person.choose,
    ),
}
AUDITED: Mapping[str, Kind] = {method.name: kind for kind, methods in _BY_KIND.items() for method in methods}


async def record(method: rpc.Method[Any, Any], caller: Caller, arguments: Mapping[str, object], result: object) -> None:
    """Called with each call that was done. The ids among what it was given, and what it made, are its objects."""
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
    await models.AuditEntry.deny(caller, method.name)


async def seal(trail: Trail) -> None:
    """Write the entry of a call at the end of the chain: its last statement."""
    if trail.entry is not None:
        await trail.entry.append()


def _ids(arguments: Mapping[str, object]) -> dict[str, UUID]:
    return {name: value for name, value in arguments.items() if isinstance(value, UUID)}
