"""Which ticket a mail belongs to: signed addresses and Message-IDs, and weaker hints after them."""

import base64
import binascii
import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from seldesk.mail.parse import Mail

# A Message-ID is signed with 128 bits, an address with 80: it must fit into the 64 characters before the @.
_ID_MAC, _ADDRESS_MAC = 16, 10
_PREFIX = "seldesk."
_OWN_ID = re.compile(r"<seldesk\.([a-z2-7]{77})@([^<>\s@]{1,190})>")
_TOKEN = re.compile(r"([ta])([1-9]\d{0,9})\.([a-z2-7]{16})")
_SUBJECT_NUMBER = re.compile(r"\[#([1-9]\d{0,9})\]")
_MOST_NUMBERS = 5
_LARGEST_NUMBER = 2**31 - 1


class Reason(StrEnum):
    PLUS_ADDRESS = "plus_address"
    SIGNED_MESSAGE_ID = "signed_message_id"
    REFERENCE = "reference"
    SUBJECT_NUMBER = "subject_number"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ticket by id or number, or by Message-IDs that it may hold, the nearest first.

    What is not trusted was written by the sender: a number counts only for people who take part in that ticket.
    """

    reason: Reason
    ticket: UUID | None = None
    message: UUID | None = None
    number: int | None = None
    references: tuple[str, ...] = ()
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Threading:
    """Signs with a key of one customer; domain is that of its Message-IDs."""

    key: bytes = field(repr=False)
    domain: str

    def message_id(self, ticket: UUID, message: UUID) -> str:
        mac = self._mac("message-id", _ID_MAC, self.domain.lower().encode(), ticket.bytes, message.bytes)
        return f"<{_PREFIX}{_letters(ticket.bytes + message.bytes + mac)}@{self.domain.lower()}>"

    def read_message_id(self, text: str) -> tuple[UUID, UUID] | None:
        """The ticket and the message behind one of our Message-IDs; None for a forged or damaged one."""
        match = _OWN_ID.fullmatch(text.strip().lower())
        if match is None:
            return None
        content = _bytes(match[1])
        if len(content) != 32 + _ID_MAC:
            return None
        ticket, message = UUID(bytes=content[:16]), UUID(bytes=content[16:32])
        # made anew, so that exactly one spelling is ours
        genuine = self.message_id(ticket, message)
        return (ticket, message) if hmac.compare_digest(genuine.encode(), match[0].encode()) else None

    def plus_address(self, mailbox: str, number: int) -> str:
        """The mailbox's address for answers to one ticket."""
        return self._plus(mailbox, number, None)

    def agent_address(self, mailbox: str, number: int, agent: UUID) -> str:
        """The same for one agent: only a mail to it speaks in the agent's name."""
        return self._plus(mailbox, number, agent)

    def read_plus(self, address: str, agent: UUID | None = None) -> int | None:
        """The ticket's number behind an address that plus_address, or for an agent agent_address, has made."""
        local, _, domain = address.strip().lower().rpartition("@")
        box, _, token = local.rpartition("+")
        match = _TOKEN.fullmatch(token)
        if match is None or not box or int(match[2]) > _LARGEST_NUMBER:
            return None
        genuine = self._token(f"{box}@{domain}", int(match[2]), agent)
        return int(match[2]) if hmac.compare_digest(genuine.encode(), token.encode()) else None

    def _plus(self, mailbox: str, number: int, agent: UUID | None) -> str:
        local, _, domain = mailbox.strip().lower().rpartition("@")
        address = f"{local}+{self._token(f'{local}@{domain}', number, agent)}@{domain}"
        if address.index("@") > 64:
            raise ValueError(f"{mailbox} is too long to carry the number of a ticket; shorten it")
        return address

    def _token(self, mailbox: str, number: int, agent: UUID | None) -> str:
        mac = self._mac(
            "agent" if agent else "address",
            _ADDRESS_MAC,
            mailbox.encode(),
            str(number).encode(),
            agent.bytes if agent else b"",
        )
        return f"{'a' if agent else 't'}{number}.{_letters(mac)}"

    def _mac(self, purpose: str, length: int, *parts: bytes) -> bytes:
        # lengths in front, so that no two lists of parts read the same
        content = b"".join(len(part).to_bytes(4) + part for part in (purpose.encode(), *parts))
        return hmac.digest(self.key, content, sha256)[:length]


def looks_own(message_id: str, domain: str) -> bool:
    """Whether it is made like ours, signed or not."""
    text = message_id.strip("<> ").lower()
    return text.startswith(_PREFIX) and text.rpartition("@")[2] == domain.lower()


def addressed(mail: Mail, mailbox: str, recipients: Sequence[str] = ()) -> list[str]:
    """The addresses of one mailbox that a mail was sent to, those of the envelope first."""
    box, _, domain = mailbox.lower().rpartition("@")
    named = [person.address for person in (*mail.to, *mail.cc)]
    found = dict.fromkeys(address.strip().lower() for address in (*recipients, *mail.delivered_to, *named))
    return [a for a in found if a.endswith(f"@{domain}") and a.rpartition("@")[0].rpartition("+")[0] == box]


def candidates(mail: Mail, threading: Threading, mailbox: str, recipients: Sequence[str] = ()) -> Iterator[Candidate]:
    """From the surest to the weakest; each counts only within the customer and the mailbox.

    recipients are those of the envelope. Ids that look like ours without our signature are never used.
    """
    for address in addressed(mail, mailbox, recipients):
        if number := threading.read_plus(address):
            yield Candidate(Reason.PLUS_ADDRESS, number=number, trusted=True)
    nearest = tuple(dict.fromkeys((*mail.in_reply_to, *reversed(mail.references))))
    for message_id in nearest:
        if own := threading.read_message_id(message_id):
            yield Candidate(Reason.SIGNED_MESSAGE_ID, ticket=own[0], message=own[1], trusted=True)
    foreign = tuple(known for known in nearest if not looks_own(known, threading.domain))
    if foreign:
        yield Candidate(Reason.REFERENCE, references=foreign)
    numbers = dict.fromkeys(int(number) for number in _SUBJECT_NUMBER.findall(mail.subject))
    for number in list(numbers)[:_MOST_NUMBERS]:
        if number <= _LARGEST_NUMBER:
            yield Candidate(Reason.SUBJECT_NUMBER, number=number)


def speaks_for(
    mail: Mail, threading: Threading, mailbox: str, agent: UUID, recipients: Sequence[str] = ()
) -> int | None:
    """The number of the ticket for which a mail carries this agent's own token; None when it carries none."""
    for address in addressed(mail, mailbox, recipients):
        if number := threading.read_plus(address, agent):
            return number
    return None


def _letters(content: bytes) -> str:
    return base64.b32encode(content).decode().rstrip("=").lower()


def _bytes(letters: str) -> bytes:
    try:
        return base64.b32decode(letters.upper() + "=" * (-len(letters) % 8))
    except binascii.Error:
        return b""
