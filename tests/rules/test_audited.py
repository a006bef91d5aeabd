"""Nothing that changes a customer is done without being written down, unless somebody has said why."""

from typing import get_args

from rpc import Kind
from seldesk.methods import PUBLIC
from seldesk.methods.recording import AUDITED
from seldesk.models.control import Deed
from seldesk.web.settings.audit import ACTS, KINDS, OPERATOR

# Work on tickets leaves events in each ticket, which say who did what.
TICKET_WORK = {
    "drafts.keep",
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


def test_the_page_has_words_for_every_entry() -> None:
    assert set(AUDITED) == set(ACTS)
    assert {f"operator.{deed}" for deed in get_args(Deed)} == set(OPERATOR)
    assert {*AUDITED.values(), "denied"} == set(KINDS)
