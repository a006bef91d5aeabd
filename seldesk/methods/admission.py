"""Which calls a customer's state lets in, before anything of the customer is touched."""

from typing import Any

import rpc
from rpc import Kind
from seldesk.errors import CustomerClosed, CustomerUnavailable, OnTheSide, TooLateToReturn
from seldesk.methods.desk import (
    account,
    backups,
    entries,
    exports,
    factors,
    links,
    members,
    people,
    plans,
    privacy,
    profile,
    reports,
    requests,
    staff_access,
    tickets,
    tokens,
)
from seldesk.surroundings import Customer

# What writes and is done all the same: coming in and going out, what an owner decides of the whole or has exported, and
# taking somebody's access away, which must not wait. The page of a ticket writes down that it was seen.
WHILE_SUSPENDED = frozenset(
    method.name
    for method in (
        account.resume,
        account.terminate,
        backups.ask,
        backups.download,
        entries.by_code,
        entries.by_passkey,
        entries.step,
        exports.ask,
        factors.add_authenticator,
        factors.add_passkey,
        factors.challenge,
        factors.new,
        factors.prove,
        factors.prove_by_passkey,
        factors.remove,
        links.withdraw,
        members.disable,
        members.end_sessions,
        members.reset_factors,
        members.revoke,
        people.choose_password,
        people.end_session,
        people.mail_link,
        people.reset_password,
        people.sign_in,
        people.sign_in_by_link,
        people.sign_out,
        plans.choose,
        privacy.close,
        privacy.erase,
        profile.change_password,
        reports.ask,
        requests.open,
        requests.sign_out,
        staff_access.begin,
        staff_access.stop,
        staff_access.turn_off,
        staff_access.turn_on,
        tickets.page,
        tokens.revoke,
    )
)
# What writes and is done all the same where a copy on the side is made to be read.
ASIDE = frozenset(
    method.name
    for method in (
        entries.by_code,
        entries.by_passkey,
        entries.step,
        people.end_session,
        people.sign_in,
        people.sign_out,
        requests.sign_out,
        tickets.page,
    )
)
WHILE_TERMINATED = frozenset(method.name for method in (account.offer, account.take_back))


class CustomerSuspended(rpc.Forbidden):
    """This helpdesk is suspended: it can be read, and nothing in it can be changed."""

    code = "customer_suspended"


def admit(customer: Customer, method: rpc.Method[..., Any], kind: Kind) -> None:
    """An error for whoever is not let in. Jobs go on until the purge: letters that stand in the outbox go out."""
    to_be_read = customer.side is not None and not customer.side.writable and kind is not Kind.JOB
    if to_be_read and not (method.reads or method.name in ASIDE):
        raise OnTheSide("This is a copy on the side that was made to be read: nothing in it can be changed.")
    match customer.state:
        case "requested" | "provisioning":
            raise CustomerUnavailable
        case "suspended" if kind is not Kind.JOB:
            _admit_to_read(customer, method, kind)
        case "terminated" if kind is not Kind.JOB and method.name not in WHILE_TERMINATED:
            raise CustomerClosed
        case "purging" | "purged":
            raise TooLateToReturn if method.name in WHILE_TERMINATED else CustomerClosed


def _admit_to_read(customer: Customer, method: rpc.Method[..., Any], kind: Kind) -> None:
    """A mail is not even asked for: whoever sends it keeps it and tries again."""
    if kind is Kind.MAIL or not (method.reads or method.name in WHILE_SUSPENDED):
        raise CustomerSuspended(f"{CustomerSuspended()} {customer.suspended_for}".strip())
