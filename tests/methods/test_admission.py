"""Every method, by every kind of caller, in every state of a customer: let in or not."""

from uuid import UUID

import pytest

import rpc
from rpc import Kind
from seldesk.errors import CustomerClosed, CustomerUnavailable, TooLateToReturn
from seldesk.methods import PUBLIC
from seldesk.methods.admission import WHILE_SUSPENDED, WHILE_TERMINATED, CustomerSuspended, admit
from seldesk.models.control.customer import STATES
from seldesk.surroundings import Customer

DOORS = [(method, kind) for method in PUBLIC if method.realm == "desk" for kind in method.kinds]
WAYS_BACK = {"account.offer", "account.take_back"}
# Coming in, going out, deciding of the whole or having it exported, taking access away, being forgotten.
STILL = {
    *("backups.ask", "backups.download", "exports.ask", "links.withdraw"),
    *("account.resume", "plans.choose", "account.terminate", "members.disable", "members.revoke", "tokens.revoke"),
    *("people.choose_password", "people.end_session", "people.mail_link", "people.reset_password", "people.sign_in"),
    *("people.sign_in_by_link", "people.sign_out", "profile.change_password", "requests.open", "requests.sign_out"),
    *("reports.ask", "staff_access.begin", "staff_access.stop", "staff_access.turn_off", "staff_access.turn_on"),
    *("tickets.page", "privacy.close", "privacy.erase", "members.reset_factors", "members.end_sessions"),
    *("entries.by_code", "entries.by_passkey", "entries.step", "factors.remove"),
    *("factors.add_authenticator", "factors.add_passkey", "factors.new"),
    *("factors.challenge", "factors.prove", "factors.prove_by_passkey"),
}


def answer(state: str, method: rpc.Method[..., object], kind: Kind) -> type[rpc.Error] | None:
    customer = Customer(UUID(int=1), "acme", "Acme", state, suspended_for="Not paid.")
    try:
        admit(customer, method, kind)
    except rpc.Error as error:
        return type(error)
    return None


def test_what_is_let_through_is_reviewed() -> None:
    assert WHILE_SUSPENDED == STILL
    assert WHILE_TERMINATED == WAYS_BACK


@pytest.mark.parametrize("state", STATES)
def test_a_state_lets_in_what_it_should(state: str) -> None:
    for method, kind in DOORS:
        read_only = kind is Kind.JOB or (kind is not Kind.MAIL and (method.reads or method.name in STILL))
        expected: dict[str, type[rpc.Error] | None] = {
            "requested": CustomerUnavailable,
            "provisioning": CustomerUnavailable,
            "active": None,
            "suspended": None if read_only else CustomerSuspended,
            "terminated": None if kind is Kind.JOB or method.name in WAYS_BACK else CustomerClosed,
            "purging": TooLateToReturn if method.name in WAYS_BACK else CustomerClosed,
            "purged": TooLateToReturn if method.name in WAYS_BACK else CustomerClosed,
        }
        assert answer(state, method, kind) is expected[state], (method.name, kind)
    assert len(DOORS) > 100
