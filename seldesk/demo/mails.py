"""The mails of a story as a mail server hands them over. The same arguments give the same bytes."""

from collections.abc import Sequence
from datetime import datetime
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP as DEFAULT
from email.utils import format_datetime, formataddr
from hashlib import sha256

from seldesk.demo.documents import Document
from seldesk.demo.story import Mail, Reply, Requester, Story

# Otherwise the standard library encodes a long Message-ID as if it were words.
SMTP = DEFAULT.clone(max_line_length=998)
ANSWERING = {
    "de": "AW: ",
    "it": "R: ",
    "nl": "Antw: ",
    "pl": "Odp: ",
    "pt": "RES: ",
    "sv": "SV: ",
    "tr": "Ynt: ",
}
WROTE = {
    "de": "Am {at:%d.%m.%Y} um {at:%H:%M} schrieb {who}:",
    "en": "On {at:%d/%m/%Y} {at:%H:%M}, {who} wrote:",
    "es": "El {at:%d/%m/%Y} a las {at:%H:%M}, {who} escribió:",
    "fr": "Le {at:%d/%m/%Y} à {at:%H:%M}, {who} a écrit :",
    "it": "Il {at:%d/%m/%Y} {at:%H:%M}, {who} ha scritto:",
    "ja": "{at:%Y年%m月%d日} {at:%H:%M} {who}:",
    "nl": "Op {at:%d-%m-%Y} om {at:%H:%M} schreef {who}:",
    "pl": "W dniu {at:%d.%m.%Y} o {at:%H:%M}, {who} pisze:",
    "pt": "Em {at:%d/%m/%Y} {at:%H:%M}, {who} escreveu:",
    "sv": "Den {at:%Y-%m-%d} kl. {at:%H:%M} skrev {who}:",
    "tr": "{at:%d.%m.%Y} {at:%H:%M} tarihinde {who} yazdı:",
}


def mail_bytes(
    story: Story,
    step: Mail,
    *,
    mailbox: str,
    desk: str,
    at: datetime,
    message_id: str,
    references: Sequence[str] = (),
    number: int | None = None,
) -> bytes:
    """One mail of the story, sent at `at` to the address `mailbox` of the desk of that name.

    references are the Message-IDs of the thread so far, oldest first. The subject carries the number.
    """
    sender = step.sender or story.requester
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((sender.name, sender.email), "utf-8")
    message["To"] = formataddr((desk, mailbox), "utf-8")
    message["Subject"] = _subject(story, step, sender, number)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    if references:
        message["In-Reply-To"] = references[-1]
        message["References"] = " ".join(references)
    for name, value in step.headers.items():
        message[name] = value
    _write(message, step, _text(story, step, at, f"{desk} <{mailbox}>"))
    for document in step.files:
        _attach(message, document, at)
    if step.bounced:
        _report(message, step.bounced, mailbox)
    _fix_boundaries(message, message_id)
    return message.as_bytes()


def envelope_sender(story: Story, step: Mail) -> str:
    """Delivery reports come from nobody."""
    return "" if step.bounced else (step.sender or story.requester).email


def _subject(story: Story, step: Mail, sender: Requester, number: int | None) -> str:
    if step is story.steps[0]:
        return story.subject
    if step.bounced:
        return "Undelivered mail returned to sender"
    mark = f"[#{number}] " if number else ""
    return f"{ANSWERING.get(sender.language, 'Re: ')}{mark}{story.subject}"


def _text(story: Story, step: Mail, at: datetime, who: str) -> str:
    """The text with the last reply quoted below, as mail programs do."""
    position = next(place for place, one in enumerate(story.steps) if one is step)
    if not step.quoting:
        return step.text
    passed = step.after
    for earlier in reversed(story.steps[:position]):
        if isinstance(earlier, Reply):
            language = (step.sender or story.requester).language
            return f"{step.text}\n\n{_attribution(language, at - passed, who)}\n{_quoted(earlier.text)}"
        passed += earlier.after
    return step.text


def _attribution(language: str, at: datetime, who: str) -> str:
    return WROTE.get(language, WROTE["en"]).format(at=at, who=who)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _write(message: EmailMessage, step: Mail, text: str) -> None:
    message.set_content(text)
    if step.html is None:
        return
    message.add_alternative(step.html, subtype="html")
    if step.inline:
        page = message.get_payload(1)
        if not isinstance(page, EmailMessage):
            raise TypeError("the HTML part is not a message part")
        for picture in step.inline:
            kind, subtype = picture.type.split("/")
            content = picture.content(message["Date"].datetime)
            page.add_related(
                content, kind, subtype, cid=f"<{picture.name}>", filename=picture.name, disposition="inline"
            )


def _attach(message: EmailMessage, document: Document, at: datetime) -> None:
    kind, subtype = document.type.split("/")
    content = document.content(at)
    if kind == "text":
        message.add_attachment(content.decode(), subtype=subtype, filename=document.name)
    else:
        message.add_attachment(content, kind, subtype, filename=document.name)


def _report(message: EmailMessage, address: str, mailbox: str) -> None:
    """Makes it a delivery report (RFC 3464)."""
    message.make_mixed()
    status = message_from_string(
        "Content-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mail.{mailbox.partition('@')[2]}\n\n"
        f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\n",
        policy=SMTP,
    )
    message.attach(status)
    message.set_type("multipart/report")
    message.set_param("report-type", "delivery-status")


def _fix_boundaries(message: EmailMessage, message_id: str) -> None:
    """The standard library draws boundaries by lot."""
    for number, part in enumerate(message.walk()):
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            part.set_boundary(f"={number}={sha256(message_id.encode()).hexdigest()[:24]}")
