import re
import unicodedata
from dataclasses import dataclass

from seldesk.mail.characters import line, visible
from seldesk.mail.headers import ENCODED_WORD, decode_words, unescaped

_TOKEN = re.compile(
    rf"(?P<word>{ENCODED_WORD})"
    r'|"(?P<quoted>(?:[^"\\]|\\.)*+)"?'
    r"|\((?P<comment>(?:[^()\\]|\\.)*+)\)"
    r"|<(?P<angle>[^<>]*+)>?"
    r"|(?P<mark>[,;:])"
    r'|(?P<text>[^"(<,;:=]++|.)',
    re.DOTALL,
)
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@(?![.-])[^\s@<>()\[\],;:\\\"]{1,190}(?<![.-])")
_COMMENT = re.compile(r"\([^()]*\)")
_MOST = 500


@dataclass(frozen=True, slots=True)
class Mailbox:
    name: str
    address: str


def is_address(text: str) -> bool:
    """One that can be answered and cannot pass for another: nothing invisible, no look-alike that normalises away."""
    return bool(
        len(text) <= 254
        and _ADDRESS.fullmatch(text)
        and ".." not in text.rpartition("@")[2]
        and visible(text) == text
        and unicodedata.is_normalized("NFKC", text)
    )


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def mailboxes(raw: str, problems: list[str]) -> tuple[Mailbox, ...]:
    """The people in an address header. Encoded words are decoded after the split, so that none can add an address."""
    reading = _Reading(problems)
    for token in _TOKEN.finditer(unescaped(raw)):
        if len(reading.found) >= _MOST:
            problems.append(f"more than {_MOST} addresses, the rest is left out")
            break
        kind, value = token.lastgroup or "", token[token.lastgroup or 0]
        reading.take(kind, value)
    reading.finish(",")
    return tuple(reading.found)


class _Reading:
    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        self.found: list[Mailbox] = []
        self._clear()

    def _clear(self) -> None:
        self.words, self.comment, self.angles = "", "", list[str]()

    def take(self, kind: str, value: str) -> None:
        if kind == "mark" and value == ":" and not self.angles:
            self.words = ""  # the name of a group
        elif kind == "mark":
            self.finish(value)
        elif kind == "angle":
            self.angles.append(value)
        elif kind == "comment":
            self.comment = value
        elif kind == "quoted":
            self.words += re.sub(r"\\(.)", r"\1", value)
        else:
            self.words += value

    def finish(self, mark: str) -> None:
        words = self.words.strip()
        if not self.angles and "@" not in words:
            # "Doe, Cleo <cleo@...>" without quotes is one person
            self.words = f"{words}{mark} " if words and mark == "," else ""
            return
        if len(self.angles) > 1:
            self.problems.append("several addresses for one name")
        name, address = (words, self.angles[-1]) if self.angles else self._bare(words)
        address = _COMMENT.sub("", address).strip()
        address = address[7:] if address[:7].lower() == "mailto:" else address
        local, _, domain = address.rpartition("@")
        address = f"{local}@{domain.lower()}"
        if is_address(address):
            self.found.append(Mailbox(line(decode_words(name), 200).strip("'\" "), address))
        else:
            self.problems.append(f"not an address: {line(address, 60)}")
        self._clear()

    def _bare(self, words: str) -> tuple[str, str]:
        """An address without brackets, perhaps with a name beside it."""
        addresses = [word for word in words.split() if "@" in word]
        if len(addresses) > 1:
            self.problems.append("several addresses without a comma")
        name = " ".join(word for word in words.split() if "@" not in word)
        return name or self.comment, addresses[0]
