"""The public methods: what is not in this list cannot be called."""

from typing import Any

import rpc
from seldesk.methods.control import confirmations, customers, jobs, leases, upkeep, wakeups
from seldesk.methods.desk import (
    attachments,
    housekeeping,
    mailboxes,
    mails,
    messages,
    outbox,
    people,
    requests,
    tickets,
    tokens,
)
from seldesk.methods.identify import identify

__all__ = ["PUBLIC", "identify"]

CONTROL: list[rpc.Method[Any, Any]] = [
    confirmations.allow,
    upkeep.tidy,
    customers.activate,
    customers.claim,
    customers.create,
    customers.directory,
    customers.failed,
    customers.list,
    customers.ping,
    customers.read,
    customers.stepped,
    jobs.ask_for,
    jobs.claim,
    jobs.done,
    jobs.failed,
    leases.hold,
    wakeups.note,
    wakeups.ring,
    wakeups.settle,
    wakeups.take,
]

DESK: list[rpc.Method[Any, Any]] = [
    attachments.download,
    attachments.link,
    attachments.read,
    housekeeping.sweep,
    housekeeping.tidy,
    mailboxes.create,
    mails.accepts,
    mails.failures,
    mails.receive,
    mails.retry,
    mails.set_aside,
    messages.body,
    outbox.claim,
    outbox.failed,
    outbox.next_due,
    outbox.sent,
    outbox.withheld,
    people.choose_password,
    people.invite,
    people.sign_in,
    people.sign_out,
    people.welcome,
    requests.answer,
    requests.close,
    requests.open,
    requests.read,
    requests.sign_out,
    tickets.agents,
    tickets.blank,
    tickets.list,
    tickets.note,
    tickets.open,
    tickets.page,
    tickets.queue,
    tickets.read,
    tickets.reply,
    tickets.undo,
    tickets.update,
    tickets.update_many,
    tokens.create,
]

PUBLIC = CONTROL + DESK
