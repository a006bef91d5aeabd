"""Who did what: the list, whether it is whole, and all of it as a file."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

import rpc
from seldesk.errors import ProofNeeded
from seldesk.methods.desk import audits as methods
from seldesk.methods.desk.audits import Line, Verified
from seldesk.web.account.proving import first_prove
from seldesk.web.attachments import disposition
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import faults
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import query_of
from seldesk.web.settings.staff_access import CALLS as STAFF_ACTS

HERE = "/settings/audit"
FILTER = ("concerning", "kind", "since", "until")
# Of a chain of more entries the page verifies the beginning and says how far it came.
CALLS = 50
KINDS = {
    "sign-in": "Signing in and out",
    "password": "Passwords and second factors",
    "people": "People",
    "tokens": "Tokens",
    "settings": "Settings",
    "data": "Data that was taken out or erased",
    "account": "The account",
    "access": "Staff access",
    "denied": "What was refused",
}
ACTS = {
    "people.sign_in": "signed in",
    "people.sign_in_by_link": "signed in by a mailed link",
    "entries.by_code": "signed in by a code",
    "entries.by_passkey": "signed in by a passkey",
    "factors.prove": "proved again who it is",
    "factors.prove_by_passkey": "proved again who it is, by a passkey",
    "people.sign_out": "signed out",
    "people.end_session": "ended a session",
    "members.end_sessions": "ended all sessions of somebody",
    "requests.open": "opened a ticket by its link",
    "requests.sign_out": "signed out",
    "people.choose_password": "set the first password",
    "people.reset_password": "set a new password by a mailed link",
    "profile.change_password": "changed the password",
    "factors.add_authenticator": "added an authenticator",
    "factors.add_passkey": "added a passkey",
    "factors.remove": "removed a second factor",
    "factors.renew_codes": "made new recovery codes",
    "members.reset_factors": "removed somebody's second factors",
    "people.reset_factors": "removed somebody's second factors",
    "people.invite": "added somebody",
    "founding.begin": "made the first owner",
    "members.invite": "invited somebody",
    "members.send_again": "sent an invitation again",
    "members.revoke": "took an invitation back",
    "members.update": "changed somebody",
    "members.disable": "disabled somebody",
    "members.enable": "let somebody in again",
    "profile.rename": "changed their own name",
    "contacts.place": "placed somebody in an organisation",
    "contacts.rename": "corrected somebody's name",
    "roles.create": "made a role",
    "roles.update": "changed a role",
    "roles.delete": "deleted a role",
    "tokens.create": "made a token",
    "tokens.issue": "made a token",
    "tokens.revoke": "revoked a token",
    "mailboxes.create": "added a mailbox",
    "mailboxes.add": "added a mailbox",
    "mailboxes.update": "changed a mailbox",
    "mailboxes.delete": "deleted a mailbox",
    "branding.update": "changed the branding",
    "organisations.create": "added an organisation",
    "organisations.update": "changed an organisation",
    "organisations.delete": "deleted an organisation",
    "teams.create": "added a team",
    "teams.update": "changed a team",
    "teams.delete": "deleted a team",
    "signing_in.demand": "chose who needs a second factor",
    "tags.rename": "renamed a tag",
    "tags.remove": "removed a tag",
    "saved_replies.create": "added a saved reply",
    "saved_replies.update": "changed a saved reply",
    "saved_replies.delete": "deleted a saved reply",
    "announcements.tell": "wrote to people of an incident that concerns them",
    "audits.begin": "downloaded the audit",
    "backups.ask": "asked for a backup",
    "backups.download": "had a backup made for a download",
    "reports.ask": "asked for the report of an incident",
    "reports.read": "took out the report of an incident",
    "sides.ask": "had a copy opened on the side",
    "sides.remove": "had a copy on the side removed",
    "restored.mark": "put a copy in the place of everything: what was done since it was made is taken back",
    "unsent.send": "had a mail sent that a restore had held back",
    "unsent.drop": "decided that a mail is not sent",
    "exports.ask": "had everything exported",
    "links.read": "downloaded what was made for a download",
    "links.withdraw": "took a download back",
    "personal_data.begin": "took out a copy of somebody's data",
    "privacy.close": "closed somebody's account",
    "privacy.take_back": "opened a closed account again",
    "privacy.erase": "had somebody erased",
    "privacy.order": "had somebody erased as the operator",
    "erasures.begin": "began to erase somebody",
    "erasures.erase": "erased somebody",
    "account.pause": "paused the helpdesk",
    "account.resume": "opened the helpdesk again",
    "account.terminate": "closed the helpdesk",
    "account.take_back": "took the closing back",
    "plans.choose": "chose another plan",
    "contact_person.choose": "chose whom the operator writes to",
    "account.close": "ended all sessions, as the helpdesk was closed",
    "staff_access.turn_on": "turned staff access on",
    "staff_access.turn_off": "turned staff access off",
    "staff_access.request": "asked to come in",
    "staff_access.refused": "asked to come in",
    "staff_access.allowed": "opened staff access without an owner",
    "staff_access.begin": "came in",
    "staff_access.ended": "was out again",
}
# What the operator did with the customer as a whole.
OPERATOR = {
    "operator.suspend": "suspended the helpdesk",
    "operator.reactivate": "opened the helpdesk again",
    "operator.terminate": "closed the helpdesk",
    "operator.plan": "gave the helpdesk another plan",
    "operator.move": "asked to move the database to another cluster",
    "operator.rotate": "asked for new credentials of the database",
    "operator.copy": "asked for a backup",
    "operator.restore": "asked to restore a backup in place of what is here",
    "operator.restore-aside": "asked to restore a backup on the side",
    "operator.close-side": "closed a copy on the side",
    "operator.mail-again": "took in again what came since a backup",
    "operator.export": "began to export everything",
    "operator.import": "made this helpdesk of an export",
}
# What became of it, and the chip's colour.
OUTCOMES = {
    "attempt": ("Asked", "open"),
    "done": ("Done", "solved"),
    "failed": ("Failed", "waiting"),
    "denied": ("Refused", "urgent"),
}
WRONG = {
    "changed": "Entry {number} is not as it was written.",
    "removed": "Entry {number} is missing.",
    "added": "Entry {number} was not written by Seldesk.",
    "names": "The names beside entry {number} are not those it was written with.",
}


async def audit(request: Request) -> Response:
    return await _page(request)


async def verify(request: Request, _: Form) -> Response:
    call, found = call_of(request), Verified(0, True, None, "")
    for _call in range(CALLS):
        if found.left:
            found = await call(methods.verify, after=found.until)
    return await _page(request, verified=found)


async def download(request: Request) -> Response:
    """JSON Lines. The first part is read before anything is answered, so that a refusal is a page."""
    call = call_of(request)
    try:
        key = await call(methods.begin)
    except ProofNeeded:
        return first_prove(HERE)
    first = await call(methods.lines, key=key)
    headers = {"Content-Disposition": disposition("audit.jsonl")}
    return StreamingResponse(_lines(call, key, first), headers=headers, media_type="application/jsonl")


async def _lines(call: rpc.Call, key: str, part: list[Line]) -> AsyncIterator[bytes]:
    while part:
        yield msgspec.json.Encoder().encode_lines(part)
        part = await call(methods.lines, key=key, after=part[-1].number)


async def _page(request: Request, *, verified: Verified | None = None) -> Response:
    fields: Any = query_of(request, *FILTER, "cursor") if request.method == "GET" else {}
    wrong: Mapping[str, str] = {}
    try:
        shown = await call_of(request).form(methods.page, fields)
    except MENDABLE as error:
        wrong = faults(error)
        shown = await call_of(request)(methods.page)
    chosen = {name: request.query_params.get(name, "") for name in FILTER if request.query_params.get(name)}
    return page(
        request,
        "settings/audit/audit.html",
        status=422 if wrong else 200,
        panel=shown.panel,
        shown=shown,
        chosen=chosen,
        query=urlencode(chosen),
        verified=verified,
        wrong=wrong,
        KINDS=KINDS,
        ACTS=ACTS | OPERATOR,
        OPERATOR=OPERATOR,
        STAFF_ACTS=STAFF_ACTS,
        OUTCOMES=OUTCOMES,
        WRONG=WRONG,
    )
