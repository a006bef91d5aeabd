"""What agents write: Markdown into safe HTML, and into plain text."""

import re
from collections.abc import Callable, Iterable

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from seldesk.mail.markup import escape

LONGEST = 100_000  # characters
# Of a table that leaves cells out each row is filled up: a line of marks and many short ones would be a million.
MOST_CELLS = 50_000

_TAGS = {
    *("a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "tbody", "td", "th", "thead", "tr", "span"),
}
_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\^{}]{1,2000}")
Mark = Callable[[str], Iterable[tuple[int, int, str]]]
_TRAILING = ".,;:!?)]*_~"


def render(text: str, mark: Mark | None = None) -> str:
    """mark finds what is marked as somebody's name: begin, end, and what is shown there. What is longer than anybody
    writes stays as it is, without marks.
    """
    if len(text) > LONGEST:
        return "<p>" + escape(text).replace("\n", "<br>\n") + "</p>\n"
    return safe((_MARKDOWN if _cells(text) <= MOST_CELLS else _WITHOUT_TABLES).render(text, {"mark": mark}))


def safe(html: str) -> str:
    """What is left of HTML that claims to have been made here. Of what was, all of it."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}, "td": {"style"}, "th": {"style"}},
        allowed_classes={"span": {"mention"}},
        filter_style_properties={"text-align"},
        url_schemes={"https", "http", "mailto", "tel"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


def _cells(text: str) -> int:
    """How many a table in this can have at most."""
    lines = text.split("\n")
    return len(lines) * max(line.count("|") + 1 for line in lines)


def _link_addresses(state: StateCore) -> None:
    """People paste addresses and expect links."""
    for block in state.tokens:
        inside, children = 0, list[Token]()
        for token in block.children or []:
            inside += (token.type == "link_open") - (token.type == "link_close")
            children += [token] if inside or token.type != "text" else _linked(token)
        block.children = children if block.children is not None else None


def _mark_names(state: StateCore) -> None:
    if (mark := state.env.get("mark")) is None:
        return
    for block in state.tokens:
        inside, children = 0, list[Token]()
        for token in block.children or []:
            inside += (token.type == "link_open") - (token.type == "link_close")
            children += [token] if inside or token.type != "text" else _marked(token, mark)
        block.children = children if block.children is not None else None


def _marked(token: Token, mark: Mark) -> list[Token]:
    found, end = list[Token](), 0
    for begin, stop, shown in mark(token.content):
        name = [Token("mention_open", "span", 1, attrs={"class": "mention"}), _text(shown)]
        found += [_text(token.content[end:begin]), *name, Token("mention_close", "span", -1)]
        end = stop
    return [*found, _text(token.content[end:])]


def _linked(token: Token) -> list[Token]:
    found, end = list[Token](), 0
    for match in _ADDRESS.finditer(token.content):
        address = match[0].rstrip(_TRAILING)
        if address.partition("://")[2]:
            found += [_text(token.content[end : match.start()]), *_link(address)]
            end = match.start() + len(address)
    return [*found, _text(token.content[end:])]


def _link(address: str) -> list[Token]:
    return [
        Token("link_open", "a", 1, attrs={"href": address}),
        _text(address),
        Token("link_close", "a", -1),
    ]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


# No HTML, and no images: they would be fetched by whoever reads the mail.
def _parser(*more: str) -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable([*more, "strikethrough"]).disable(["image"])
    made.core.ruler.push("addresses", _link_addresses)
    made.core.ruler.push("names", _mark_names)
    return made


_MARKDOWN, _WITHOUT_TABLES = _parser("table"), _parser()
