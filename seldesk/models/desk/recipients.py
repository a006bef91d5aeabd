"""To whom a letter goes. Who else a mail went to is a suggestion: only an agent's reply makes somebody a recipient."""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

import rpc
from seldesk.mail.address import domain_of, is_address
from seldesk.mail.parse import Mail
from seldesk.models.desk.mailbox import threading
from seldesk.models.desk.person import normalised

MOST_CC = 20
_PLAIN = re.compile(r"[!-~]+@[^@]+")


class Said(Protocol):
    """A message, as far as it tells who else took part."""

    @property
    def side(self) -> str: ...
    @property
    def verified(self) -> bool: ...
    @property
    def cc(self) -> list[str]: ...


def addresses(given: Iterable[str], field: str) -> list[str]:
    """Each once, in the spelling under which it is known; Invalid for what no mail can be sent to."""
    return list(dict.fromkeys(address(text, field) for text in given))


def address(text: str, field: str, *, mailed: bool = True) -> str:
    """One of them; mailed says that a letter is to go there."""
    spelt = normalised(text, field)
    if mailed and (not is_address(spelt) or not _PLAIN.fullmatch(spelt)):
        raise rpc.Invalid(fields={field: f"{spelt} is not an address that mail can be sent to."})
    if mailed and domain_of(spelt) == threading().domain:
        raise rpc.Invalid(fields={field: f"{spelt} is one of our own mailboxes."})
    return spelt


def others(mail: Mail, sender: str) -> list[str]:
    """Who a mail went to beside us."""
    named = dict.fromkeys(one.address.strip().lower() for one in (*mail.to, *mail.cc))
    known = {sender, *(one.strip().lower() for one in mail.delivered_to)}
    own = threading().domain
    return [one for one in named if one not in known and domain_of(one) != own and _PLAIN.fullmatch(one)][:MOST_CC]


def suggested(messages: Sequence[Said], known: Iterable[str]) -> list[str]:
    """Who takes part by the word of those who do, and gets no letters yet; the newest message first."""
    taking = set(known)
    said = [one for one in reversed(messages) if one.side == "requester" and one.verified]
    return [one for one in dict.fromkeys(each for message in said for each in message.cc) if one not in taking][:10]
