"""Reports that a mail was not delivered (RFC 3464), and those that only look like one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from seldesk.mail import headers
from seldesk.mail.address import is_address
from seldesk.mail.mime import fields
from seldesk.mail.parse import File, Mail

_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_SMTP_CODE = re.compile(r"(?:^|[\s#:(])([45])\d\d[\s-]", re.MULTILINE)
_DAEMON = re.compile(r"(?i)mailer[._-]?daemon|postmaster|mail[._-]?delivery[._-]?(?:system|subsystem)|bounces?")
_SUBJECT = re.compile(
    r"(?i)(?:undeliver|not delivered|could not send|delivery (?:status|failure|has failed|delayed)"
    r"|mail delivery failed|failure notice|returned mail|unzustellbar|nicht zugestellt|non remis"
    r"|no se pudo entregar|mancata consegna|onbestelbaar)"
)
_ORIGINAL_ID = re.compile(r"(?im)^[> \t]*message-id:\s*(<[^<>\s]{1,250}>)")
_FAILED_ADDRESS = re.compile(r"(?m)^\s*<([^<>\s]{3,254})>:?\s*(?:\(|$)")
_ORIGINAL = frozenset(
    ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers"]
)
_MOST_RECIPIENTS = 100


@dataclass(frozen=True, slots=True)
class Recipient:
    """status: 5.1.1 and the like; action: failed, delayed, delivered, relayed, expanded."""

    address: str
    action: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """Anybody can write one: it counts for an address only when message_id is one that we signed."""

    recipients: tuple[Recipient, ...]
    message_id: str | None
    permanent: bool
    reason: str


def read_bounce(mail: Mail) -> Bounce | None:
    kind, parameters = headers.parameters(mail.header("content-type") or "")
    if kind == "multipart/report" and parameters.get("report-type", "delivery-status") != "delivery-status":
        return None
    recipients = tuple(_recipients(mail.files))[:_MOST_RECIPIENTS] if kind == "multipart/report" else ()
    failed = [recipient for recipient in recipients if recipient.action in ("failed", "delayed")]
    if failed:
        lost = [one for one in failed if one.action == "failed" and one.status[:1] != "4"]
        told = (lost or failed)[0]
        reason = told.diagnostic or told.status or told.action
        return Bounce(recipients, _original_id(mail), bool(lost), reason)
    return None if recipients else _informal(mail)


def _recipients(files: tuple[File, ...]) -> Iterator[Recipient]:
    for file in files:
        if not file.type.endswith("delivery-status"):
            continue
        for block in re.split(rb"\r?\n\s*\r?\n", file.content)[: _MOST_RECIPIENTS * 2]:
            told = fields(block.strip())
            action = headers.text(told.get("Action", ""), 40).lower()
            status = _STATUS.search(told.get("Status", ""))
            if action or status:
                recipient = told.get("Original-Recipient", "") or told.get("Final-Recipient", "")
                diagnostic = headers.text(told.get("Diagnostic-Code", ""), 300).partition(";")
                yield Recipient(
                    _address(recipient),
                    action or "failed",
                    status[0] if status else "",
                    (diagnostic[2] or diagnostic[0]).strip(),
                )


def _address(field: str) -> str:
    """`rfc822; cleo@acme.example`"""
    address = headers.text(field.rpartition(";")[2], 254).strip("<> ")
    return address if is_address(address) else ""


def _original_id(mail: Mail) -> str | None:
    for file in mail.files:
        if file.type in _ORIGINAL:
            original = fields(file.content)
            if found := headers.message_id(original.get("Message-ID", "")):
                return found
    found_in_text = _ORIGINAL_ID.search(mail.text[:100_000])
    answered = [*mail.in_reply_to, *reversed(mail.references)]
    return found_in_text[1] if found_in_text else next(iter(answered), None)


def _informal(mail: Mail) -> Bounce | None:
    """Reports of programs that do not know the standard."""
    local = mail.sender.address.partition("@")[0] if mail.sender else ""
    daemon = bool(_DAEMON.fullmatch(local))
    nobody = mail.header("return-path") == "<>"
    failed = mail.header("x-failed-recipients")
    if not (daemon or nobody) or not (failed or _SUBJECT.search(mail.subject)):
        return None
    addresses = (failed or "").split(",") if failed else _FAILED_ADDRESS.findall(mail.text[:20_000])
    status = _STATUS.search(mail.text[:20_000])
    code = status or _SMTP_CODE.search(mail.text[:20_000])
    # A guess must not shut an address: without a code it is taken for temporary.
    permanent = bool(code) and code is not None and code[1] == "5"
    recipients = tuple(
        Recipient(address.strip(), "failed" if permanent else "delayed", status[0] if status else "", "")
        for address in addresses[:_MOST_RECIPIENTS]
        if is_address(address.strip())
    )
    return Bounce(recipients, _original_id(mail), permanent, status[0] if status else mail.subject[:200])
