"""The HTML of a mail as a short, balanced stream of known tags.

Parsers that repair HTML as browsers do need minutes for hostile nesting or attributes, and their output can be far
larger than their input. This reader touches each character once and bounds what it hands on: tags, depth, attributes.
It decides nothing about safety.
"""

import html as entities
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MOST_TAGS = 50_000
DEEPEST = 200
LONGEST_VALUE = 4000

_SPACED = "article aside blockquote center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6"
BLOCKS = frozenset(f"address {_SPACED} header hr li main nav ol p pre section summary table ul".split())
_INLINE = "a abbr b bdi bdo big br cite code del dfn em font i img ins kbd mark q rp rt ruby s samp small span"
_TABLE = frozenset(["table", "caption", "colgroup", "col", "tbody", "thead", "tfoot", "tr", "td", "th"])
TAGS = BLOCKS | _TABLE | frozenset(f"{_INLINE} strike strong sub sup time tt u var wbr".split())
VOID = frozenset({"br", "col", "hr", "img", "wbr"})
ATTRIBUTES = frozenset(
    [
        "align",
        "alt",
        "bgcolor",
        "border",
        "cellpadding",
        "cellspacing",
        "class",
        "color",
        "colspan",
        "dir",
        "face",
        "height",
        "href",
        "id",
        "lang",
        "rowspan",
        "size",
        "src",
        "start",
        "style",
        "title",
        "type",
        "valign",
        "width",
    ]
)
# Their content is no text for people, or is read by rules of its own.
_SKIPPED = "iframe|math|noembed|noframes|plaintext|script|style|svg|template|textarea|title|xmp"
_SKIPPED_END = {name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE) for name in _SKIPPED.split("|")}

_ATTRIBUTE = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?+"""
_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    rf"|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<attributes>(?:[\s/]++|{_ATTRIBUTE})*+)(?P<end>>?)"
    r"|<[!?/][^>]*+>?",
    re.DOTALL | re.ASCII,
)
_ATTRIBUTE_PARTS = re.compile(r"""([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"?|'([^']*+)'?|([^\s>]*+)))?+""", re.ASCII)
# In attributes an ampersand without a semicolon is an ampersand: links are full of them.
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")

# Opening a tag ends what HTML lets authors leave open, down to the tags that shield what is outside.
_CELL = frozenset({"table", "td", "th", "caption"})
_ROWS = frozenset({"table"})
_ENDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), _CELL | {"ul", "ol"}),
    "dd": (frozenset({"dd", "dt"}), _CELL | {"dl"}),
    "dt": (frozenset({"dd", "dt"}), _CELL | {"dl"}),
    "td": (frozenset({"td", "th"}), _ROWS),
    "th": (frozenset({"td", "th"}), _ROWS),
    "tr": (frozenset({"tr"}), _ROWS),
    "tbody": (frozenset({"tbody", "thead", "tfoot"}), _ROWS),
    "thead": (frozenset({"tbody", "thead", "tfoot"}), _ROWS),
    "tfoot": (frozenset({"tbody", "thead", "tfoot"}), _ROWS),
    "a": (frozenset({"a"}), _CELL),
}


@dataclass(frozen=True, slots=True)
class Start:
    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class End:
    name: str


Event = Start | End | str


def read(html: str) -> Iterator[Event]:
    """Tags and text, every opened tag closed in its order. What lies behind the 50,000th tag is left out."""
    balance, position, tags = _Balance(), 0, 0
    while (token := _TOKEN.search(html, position)) and tags < MOST_TAGS:
        if token.start() > position:
            yield entities.unescape(html[position : token.start()])
        position = token.end()
        if not token["name"]:
            continue
        tags, name = tags + 1, token["name"].lower()
        if name in _SKIPPED_END and not token["close"]:
            closing = _SKIPPED_END[name].search(html, position)
            position = closing.start() if closing else len(html)
        elif name in TAGS and token["end"]:
            yield from balance.end(name) if token["close"] else balance.start(name, token["attributes"])
    if position < len(html):
        yield "…" if token else entities.unescape(html[position:])
    yield from balance.close_all()


def escape(text: str) -> str:
    return entities.escape(text)


def write(event: Event) -> str:
    if isinstance(event, str):
        return escape(event)
    if isinstance(event, End):
        return f"</{event.name}>"
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in event.attributes.items())
    return f"<{event.name}{attributes}>"


class _Balance:
    """What is open, and where: a hostile mail has all its depth open, and asks at each of its tags."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self._places: dict[str, list[int]] = {}

    def start(self, name: str, attributes: str) -> Iterator[Event]:
        if name in BLOCKS:
            yield from self._close(frozenset({"p"}), _CELL)
        if name in _ENDS:
            yield from self._close(*_ENDS[name])
        if name in VOID:
            yield Start(name, _attributes(attributes))
        elif len(self.open) < DEEPEST and (name == "table" or name not in _TABLE or self._places.get("table")):
            self._places.setdefault(name, []).append(len(self.open))
            self.open.append(name)
            yield Start(name, _attributes(attributes))

    def end(self, name: str) -> Iterator[Event]:
        if name == "br":
            yield Start("br")
            return
        shield = _ROWS if name in _TABLE else _CELL
        yield from self._close(frozenset({name}), shield - {name})

    def close_all(self) -> Iterator[Event]:
        yield from self._close_from(0)

    def _close(self, names: frozenset[str], shield: frozenset[str]) -> Iterator[Event]:
        innermost = self._innermost(names)
        if innermost >= max(0, self._innermost(shield)):
            yield from self._close_from(innermost)

    def _innermost(self, names: frozenset[str]) -> int:
        """Where the last of them was opened; -1 when none is open."""
        return max((places[-1] for name in names if (places := self._places.get(name))), default=-1)

    def _close_from(self, position: int) -> Iterator[Event]:
        while len(self.open) > position:
            name = self.open.pop()
            self._places[name].pop()
            yield End(name)


def _attributes(source: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE_PARTS.finditer(source):
        name = match[1].lower()
        value = match[2] or match[3] or match[4] or ""
        if name in ATTRIBUTES and name not in found and len(value) <= LONGEST_VALUE:
            found[name] = _REFERENCE.sub(lambda reference: entities.unescape(reference[0]), value)
    return found
