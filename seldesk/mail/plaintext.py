"""HTML as text that can be read, quoted parts marked by > as in plain mails."""

import re
from dataclasses import dataclass

from seldesk.mail.markup import BLOCKS, End, Start, read
from seldesk.mail.quotes import begins_quote

_SPACE = re.compile(r"[ \t\n\r\f]+")
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "blockquote", "table", "dl"})
_LINES = BLOCKS | {"tr", "caption"}
_LONGEST_LINK = 200
_DEEPEST_QUOTE = 20


@dataclass(frozen=True, slots=True)
class Plain:
    """quote: where the first part that the mail program marked as quoted begins."""

    text: str
    quote: int | None


def from_html(html: str) -> Plain:
    writer = _Writer()
    for event in read(html):
        if isinstance(event, str):
            writer.text(event)
        elif isinstance(event, Start):
            writer.start(event)
        else:
            writer.end(event)
    return writer.finished()


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.apart: int | None = None  # an empty line comes before the next one, quoted so deep
        self.quoted = self.preformatted = 0
        self.quote: int | None = None
        self.lists: list[int | None] = []
        self.link, self.link_from = "", 0

    def text(self, text: str) -> None:
        text = text.replace("\xa0", " ")
        if self.preformatted:
            first, *rest = text.split("\n")
            self._add(first)
            for line in rest:
                self._newline()
                self._add(line)
            return
        text = _SPACE.sub(" ", text)
        self._add(text.lstrip() if not self.line or self.line[-1].endswith(" ") else text)

    def start(self, tag: Start) -> None:
        if tag.name in _LINES:
            self._break(apart=tag.name in _PARAGRAPHS)
        if self.quote is None and begins_quote(tag):
            self._break(apart=False)
            self.quote = len(self.lines)
        if tag.name == "br":
            self._newline()
        elif tag.name in ("td", "th") and self.line:
            self._add("  ")
        elif tag.name == "hr":
            self._add("---")
            self._break(apart=False)
        elif tag.name == "img" and (alternative := tag.attributes.get("alt", "").strip()):
            self.text(f"[{alternative[:200]}]")
        elif tag.name == "a":
            self.link, self.link_from = tag.attributes.get("href", "").strip(), len(self.line)
        elif tag.name in ("ul", "ol"):
            self.lists.append(0 if tag.name == "ol" else None)
        elif tag.name == "li":
            self._bullet()
        self.preformatted += tag.name == "pre"
        self.quoted += tag.name == "blockquote"

    def end(self, tag: End) -> None:
        if tag.name == "a":
            self._end_link()
        elif tag.name in ("ul", "ol") and self.lists:
            self.lists.pop()
        if tag.name in _LINES:
            self._break(apart=tag.name in _PARAGRAPHS)
        self.preformatted -= tag.name == "pre"
        self.quoted -= tag.name == "blockquote"

    def finished(self) -> Plain:
        self._break(apart=False)
        text = "\n".join(self.lines).rstrip()
        if self.quote is None:
            return Plain(text, None)
        return Plain(text, min(len(text), sum(len(line) + 1 for line in self.lines[: self.quote])))

    def _add(self, text: str) -> None:
        if text:
            self.line.append(text)

    def _bullet(self) -> None:
        indent = "  " * (min(len(self.lists), 10) - 1)
        number = self.lists[-1] if self.lists else None
        if number is None:
            self._add(f"{indent}- ")
        else:
            self.lists[-1] = number + 1
            self._add(f"{indent}{number + 1}. ")

    def _end_link(self) -> None:
        shown = "".join(self.line[self.link_from :]).strip()
        target = self.link.removeprefix("mailto:")
        useful = self.link.startswith(("https://", "http://", "mailto:")) and len(target) <= _LONGEST_LINK
        if shown and useful and target.rstrip("/") != shown.rstrip("/"):
            self._add(f" <{target}>")
        self.link = ""

    def _break(self, *, apart: bool) -> None:
        if any(piece.strip() for piece in self.line):
            self._newline()
        self.line = []
        if apart:
            self.apart = self.quoted if self.apart is None else min(self.apart, self.quoted)

    def _newline(self) -> None:
        if self.apart is not None:
            self._write(min(self.apart, self.quoted), "")
        self._write(self.quoted, "".join(self.line))
        self.line, self.apart = [], None

    def _write(self, depth: int, line: str) -> None:
        line = ("> " * min(depth, _DEEPEST_QUOTE) + line).rstrip()
        # never two empty lines in a row, and none at the top
        if line.strip("> ") or (self.lines and self.lines[-1].strip("> ")):
            self.lines.append(line)
