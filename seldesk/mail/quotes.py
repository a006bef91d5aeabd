"""How mail programs mark the quoted mail in HTML."""

import re

from seldesk.mail.markup import Start

_CLASSES = frozenset(
    {
        "gmail_quote",
        "gmail_quote_container",
        "yahoo_quoted",
        "protonmail_quote",
        "tutanota_quote",
        "zmail_extra",
        "moz-cite-prefix",
    }
)
_IDS = frozenset({"divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container", "olk_src_body_section"})
# Desktop Outlook: a thin line over the block that says who wrote when.
_OUTLOOK_LINE = re.compile(r"border:none;border-top:solid#(?:e1e1e1|b5c4df)1\.0pt;padding:3\.0pt0")


def begins_quote(tag: Start) -> bool:
    names = _names(tag)
    cited = tag.name == "blockquote" and tag.attributes.get("type", "").lower() == "cite"
    return cited or bool(names & (_CLASSES | _IDS)) or _is_outlook_line(tag)


def _names(tag: Start) -> set[str]:
    classes = tag.attributes.get("class", "").lower().split()
    # Outlook on the web prefixes the ids of mails that it shows in other mails.
    return {*classes, tag.attributes.get("id", "").lower().removeprefix("x_")}


def _is_outlook_line(tag: Start) -> bool:
    return bool(_OUTLOOK_LINE.match(re.sub(r"\s", "", tag.attributes.get("style", "").lower())))
