"""The HTML of mails, made safe when it is shown: an allow-list decides, and the frame it is shown in is sandboxed."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

import nh3

from seldesk.mail.markup import TAGS, VOID, End, Event, Start, escape, read, write
from seldesk.mail.plaintext import from_html
from seldesk.mail.quotes import begins_quote
from seldesk.mail.reply import visible_end

_SCHEMES = {"https", "http", "mailto", "tel"}
_COMMON = {"align", "bgcolor", "dir", "height", "lang", "style", "title", "valign", "width"}
_OWN = {
    "a": {"href"},
    "font": {"color", "face", "size"},
    "img": {"alt", "border", "src"},
    "ol": {"start", "type"},
    "span": {"data-blocked"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ul": {"type"},
}
_SIDES = [f"{box}{side}" for box in ("margin", "padding") for side in ("", "-top", "-right", "-bottom", "-left")]
_BORDERS = [
    f"border{side}{part}"
    for side in ("", "-top", "-right", "-bottom", "-left")
    for part in ("", "-color", "-style", "-width")
]
_STYLES = {
    *[
        "background",
        "background-color",
        "border-collapse",
        "border-radius",
        "border-spacing",
        "clear",
        "color",
        "direction",
        "display",
    ],
    *[
        "float",
        "font",
        "font-family",
        "font-size",
        "font-style",
        "font-variant",
        "font-weight",
        "height",
        "letter-spacing",
    ],
    *[
        "line-height",
        "list-style-type",
        "max-height",
        "max-width",
        "min-height",
        "min-width",
        "overflow-wrap",
        "table-layout",
    ],
    *[
        "text-align",
        "text-decoration",
        "text-indent",
        "text-transform",
        "vertical-align",
        "white-space",
        "width",
        "word-break",
    ],
    *["word-spacing", "word-wrap"],
    *_SIDES,
    *_BORDERS,
}
# What is left of a value without its colours has no function in it: url() and its kin load, and escapes hide them.
_COLOUR = re.compile(r"(?i)\b(?:rgba?|hsla?)\([\d\s.,%/]{1,60}\)")
_PLAIN_VALUE = re.compile(r"[\w\s#%.,'\"!+/-]{0,300}")
_REMOTE = re.compile(r"(?i)\s*(?:https?:)?//")
# A mail that sets a colour counts on a white page.
_COLOURED = re.compile(r"(?i)(?:bgcolor|<font[^>]{0,200} color)=|[\"; ](?:color|background(?:-color)?):")
_TINY = re.compile(r"\s*[012](?:px)?\s*")


def sanitise(
    html: str, *, image_urls: Mapping[str, str], show_remote: bool, quote_label: str = "…", fold: bool = True
) -> str:
    """A fragment without scripts, forms, styles that reach out, and tags that are not in the list.

    image_urls maps content ids to the addresses of the mail's own images. Remote images become
    `<span data-blocked="n">`, counted from 1, unless show_remote. A quoted mail is folded into `<details>`.
    """
    writer = _Writer(image_urls, show_remote)
    events = _folded(read(html), quote_label) if fold and _has_quote(html) else read(html)
    known = set(image_urls.values())
    return nh3.clean(
        "".join(writer.write(event) for event in events),
        tags=set(TAGS),
        clean_content_tags=set(),
        attributes={"*": _COMMON, **_OWN},
        filter_style_properties=_STYLES,
        url_schemes=_SCHEMES,
        url_relative=lambda url: url if url in known else None,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={
            "a": {"target": "_blank"},
            "img": {"referrerpolicy": "no-referrer", "loading": "lazy"},
        },
    )


def document(html: str) -> str:
    """A page of its own around sanitised HTML. It follows light and dark where the mail has no colours of its own."""
    scheme = "light" if _COLOURED.search(html) else "light dark"
    return (
        '<!doctype html>\n<html><head><meta charset="utf-8"><meta name="color-scheme" content="'
        f'{scheme}"><meta name="referrer" content="no-referrer"><title></title><style>'
        f":root{{color-scheme:{scheme};font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}}"
        "body{margin:0;background:Canvas;color:CanvasText}img{max-width:100%;height:auto}"
        "table{max-width:100%}pre{white-space:pre-wrap}"
        "blockquote{margin:0 0 0 .5em;padding-left:.75em;border-left:3px solid GrayText}"
        "summary{cursor:pointer;color:GrayText}"
        "[data-blocked]{display:inline-block;padding:0 .5em;border:1px dashed GrayText;color:GrayText}"
        f"</style></head><body>{html}</body></html>\n"
    )


class _Writer:
    def __init__(self, image_urls: Mapping[str, str], show_remote: bool) -> None:
        self.image_urls, self.show_remote, self.blocked = image_urls, show_remote, 0

    def write(self, event: Event) -> str:
        if not isinstance(event, Start):
            return write(event)
        if event.name == "img":
            return self._image(event)
        attributes = {name: value for name, value in event.attributes.items() if name != "src"}
        return write(Start(event.name, _styled(attributes)))

    def _image(self, image: Start) -> str:
        source = image.attributes.get("src", "").strip()
        alternative = image.attributes.get("alt", "").strip()[:200]
        if source[:4].lower() == "cid:":
            url = self.image_urls.get(unquote(source[4:])) or self.image_urls.get(source[4:])
        elif _is_remote(source) and not self.show_remote:
            return self._blocked(image, alternative)
        else:
            url = source if _is_remote(source) else None
        if url is None:
            return escape(f"[{alternative}]") if alternative else ""
        url = f"https:{url}" if url.startswith("//") else url
        return write(Start("img", {**_styled(image.attributes), "src": url}))

    def _blocked(self, image: Start, alternative: str) -> str:
        self.blocked += 1
        width, height = (image.attributes.get(name, "") for name in ("width", "height"))
        if _TINY.fullmatch(width) or _TINY.fullmatch(height):
            return ""  # a tracker: nothing to see
        return f'<span data-blocked="{self.blocked}">{escape(alternative or "▨")}</span>'


def _is_remote(source: str) -> bool:
    return bool(_REMOTE.match(source))


def _styled(attributes: Mapping[str, str]) -> dict[str, str]:
    if "style" not in attributes:
        return dict(attributes)
    kept = (declaration for declaration in attributes["style"].split(";") if _is_plain(declaration))
    return {**attributes, "style": ";".join(kept)}


def _is_plain(declaration: str) -> bool:
    name, colon, value = declaration.partition(":")
    return bool(colon and name.strip().lower() in _STYLES and _PLAIN_VALUE.fullmatch(_COLOUR.sub("", value)))


def _has_quote(html: str) -> bool:
    plain = from_html(html)
    return plain.quote is not None and visible_end(plain.text, quote=plain.quote) < len(plain.text)


def _folded(events: Iterator[Event], label: str) -> Iterator[Event]:
    """Everything from the first quoted part on, behind a line that opens it."""
    fold: list[Event] = [Start("details"), Start("summary"), label, End("summary")]
    inside: list[Start] = []
    folded = False
    for event in events:
        if isinstance(event, Start):
            if not folded and begins_quote(event):
                folded = True
                # the fold stands at the top, and what was open goes on within it
                yield from (End(tag.name) for tag in reversed(inside))
                yield from fold
                yield from inside
            if event.name not in VOID:
                inside.append(event)
        elif isinstance(event, End):
            inside.pop()
        yield event
    if folded:
        yield End("details")
