"""What staff may call in a person's name: these methods and no others. Whatever is new is refused until it stands here,
and a text that is reviewed says the same.

Never what is the person's own or gives power: passwords, addresses, factors, tokens, sessions, roles, people that come
or go, billing, exports, copies and restores, closing, secrets, grants, the audit, and what deletes many at once.
"""

import rpc
from seldesk.methods.desk import (
    attachments,
    contacts,
    mailboxes,
    mails,
    messages,
    organisations,
    palette,
    people,
    requests,
    saved_replies,
    search,
    staff_access,
    tags,
    teams,
    tickets,
    views,
)

# The page of a ticket writes down who has seen it, and does not where staff look.
TO_READ = frozenset(
    method.name
    for method in (
        attachments.link,
        contacts.page,
        mailboxes.list,
        mailboxes.page,
        mailboxes.read,
        mails.failures,
        messages.body,
        messages.raw,
        messages.source,
        organisations.list,
        organisations.page,
        organisations.read,
        palette.find,
        people.suggest,
        requests.blank,
        requests.list,
        requests.read,
        saved_replies.fill,
        saved_replies.fill_new,
        saved_replies.list,
        saved_replies.page,
        saved_replies.read,
        search.page,
        staff_access.stop,
        tags.list,
        tags.page,
        teams.list,
        teams.names,
        teams.page,
        teams.read,
        tickets.agents,
        tickets.blank,
        tickets.list,
        tickets.page,
        tickets.preview,
        tickets.queue,
        tickets.read,
        tickets.search,
        views.list,
    )
)
TO_WRITE = frozenset(
    method.name
    for method in (
        requests.answer,
        requests.close,
        requests.create,
        requests.reopen,
        tickets.follow,
        tickets.note,
        tickets.open,
        tickets.reply,
        tickets.unfollow,
        tickets.update,
    )
)


class NotUnderAccess(rpc.Forbidden):
    """This is not done under staff access: it is for the person alone."""

    code = "not_under_access"


def admit_acting(method: rpc.Method[..., object], scope: str) -> None:
    """NotUnderAccess for all that does not stand here."""
    if method.name in TO_READ or (scope == "write" and method.name in TO_WRITE):
        return
    if method.name in TO_WRITE:
        raise NotUnderAccess("This access is to read only. Come back with one that may write.")
    raise NotUnderAccess
