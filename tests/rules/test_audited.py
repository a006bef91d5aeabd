"""Nothing that changes a customer is done without being written down, unless somebody has said why."""

from inspect import signature
from typing import get_args

from rpc import Kind
from seldesk.methods import PUBLIC
from seldesk.methods.recording import AUDITED
from seldesk.models.control import Deed
from seldesk.web.settings.audit import ACTS, KINDS, OPERATOR

# Work on tickets leaves events in each ticket, which say who did what.
TICKET_WORK = {
    "drafts.keep",
    "merges.merge",
    "merges.split",
    "merges.undo",
    "requests.answer",
    "requests.close",
    "requests.create",
    "requests.reopen",
    "tickets.follow",
    "tickets.note",
    "tickets.open",
    "tickets.page",
    "tickets.reply",
    "tickets.take_back",
    "tickets.undo",
    "tickets.unfollow",
    "tickets.update",
    "tickets.update_many",
}
# What one sets for nobody but oneself, or asks for and another call does.
FOR_ONESELF = {
    "entries.step",
    "factors.challenge",
    "factors.new",
    "mailboxes.send_test",
    "people.mail_link",
    "profile.choose_notices",
    "profile.move",
    "views.delete",
    "views.save",
    "views.update",
}
# Programs of ours, whose work says elsewhere what it did: mail in the tickets, the rest in the log.
PROGRAMS = {
    "account.warn",
    "housekeeping.reseal",
    "housekeeping.sweep",
    "housekeeping.tidy",
    "links.tell",
    "mails.receive",
    "mails.retry",
    "mails.set_aside",
    # It writes an entry itself, in the name of whoever of the operator's did it.
    "operated.note",
    "outbox.claim",
    "outbox.failed",
    "outbox.sent",
    "outbox.withheld",
    "plans.tell",
    "restored.try_out",
}
# They write the audit themselves: before and after what is done in a person's name, ending that among it.
WITNESSING = {"staff_access.attempt", "staff_access.outcome", "staff_access.stop"}
REVIEWED = TICKET_WORK | FOR_ONESELF | PROGRAMS | WITNESSING


def test_every_method_that_writes_is_audited_or_reviewed() -> None:
    writes = {method.name for method in PUBLIC if method.realm == "desk" and not method.reads}
    assert writes - set(AUDITED) == REVIEWED
    assert not REVIEWED & set(AUDITED)
    assert set(AUDITED) <= {method.name for method in PUBLIC}


def test_what_owners_may_alone_is_audited() -> None:
    """A new setting cannot be put down as something else."""
    writes = {method.name: method.permission or "" for method in PUBLIC if not method.reads}
    settings = {name for name, permission in writes.items() if permission.startswith("settings")}
    assert settings - set(AUDITED) == {"mailboxes.send_test", "mails.retry"}
    desk = [method for method in PUBLIC if method.realm == "desk" and not method.reads]
    strangers = {method.name for method in desk if method.kinds == {Kind.ANONYMOUS}}
    assert strangers - set(AUDITED) == {"entries.step", "people.mail_link"}


# What the operator does with one customer: the deed that stands in that customer's own audit, or why there is none.
OPERATED = {
    "copies.ask": "copy",
    "customers.create": "There is nobody yet who could read it.",
    "downloads.begin": "export",
    "endings.reactivate": "reactivate",
    "endings.suspend": "suspend",
    "endings.terminate": "terminate",
    "imports.begin": "There is nobody yet who could read it.",
    "imports.finish": "import",
    "moves.ask": "move",
    "ops_access.approve": "The customer's primary address is told, and its audit: staff_access.allowed.",
    "ops_access.ask": "The same, as soon as another one approves it.",
    "ops_access.start": "It stands there already: staff_access.request.",
    "ops_audit.accept": "It is about what the operator kept of the chain; the customer follows its own.",
    "ops_disclosures.open": "The customer is told by whoever is responsible, or a law forbids it.",
    "ops_operations.close_side": "close-side",
    "ops_operations.copy": "copy",
    "ops_operations.erase": "terminate",
    "ops_operations.move": "move",
    "ops_operations.plan": "plan",
    "ops_operations.reactivate": "reactivate",
    "ops_operations.restore": "restore",
    "ops_operations.rotate": "rotate",
    "ops_operations.suspend": "suspend",
    "ops_people.erase": "It stands there already: privacy.order.",
    "ops_people.erase_at_console": "The same.",
    "plan_limits.change": "plan",
    "recoveries.find": "All was lost, and it is told as an incident.",
    "recoveries.queue": "The same.",
    "restores.ask": "restore",
    "restores.ask_drills": "It changes nothing and shows nothing to anybody: a test of a copy.",
    "restores.feed": "mail-again",
    "sides.leave": "close-side",
    "rotations.ask": "rotate",
}


def test_what_the_operator_does_with_a_customer_is_told_or_reviewed() -> None:
    """By a command or at the console, with a customer by its name."""
    operating = [one for one in PUBLIC if one.realm == "control" and not one.reads]
    ours = [one for one in operating if one.kinds & {Kind.COMMAND, Kind.STAFF}]
    concerning = {"slug", "side", "customer"}
    named = {one.name for one in ours if concerning & signature(one.body).parameters.keys()}
    assert named == OPERATED.keys()
    assert set(get_args(Deed)) - {*OPERATED.values()} == {"restore-aside"}


def test_the_page_has_words_for_every_entry() -> None:
    assert set(AUDITED) == set(ACTS)
    assert {f"operator.{deed}" for deed in get_args(Deed)} == set(OPERATOR)
    assert {*AUDITED.values(), "denied"} == set(KINDS)
