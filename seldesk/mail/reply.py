"""Where the part of a mail ends that its sender has just written. Nothing is deleted: the rest is folded.

Own rules, on lines of bounded length: what is offered ready-made backtracks for minutes over a hostile line.
"""

import re
from collections.abc import Sequence

from seldesk.mail.attribution import ALSO, FORWARDED, FORWARDED_SUBJECTS, FROM, ORIGINAL, SENT_FROM, WROTE

# The line that our mails begin with.
MARKER = "=== Please write your answer above this line ==="
MOST_LINES = 20_000
_LONGEST = 400
_LONGEST_SIGNATURE = 20

_VERBS = re.compile("|".join(re.escape(verb) for _, verbs in WROTE for verb in verbs))
# 2026, 3/5/26, 3.5.26, and years as East Asia writes them
_DAY = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d|\d\s?[年년]")
# stars around bold text, and the marks of writing from right to left
_MARKS = " *\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
_DASHES = "-‐‑–—_*> \t"


def visible_end(text: str, *, quote: int | None = None, markers: Sequence[str] = (MARKER,)) -> int:
    """The offset in text behind which quotes and signature begin; len(text) when all of it is to be shown.

    quote is where a quoted part begins that is known otherwise, from HTML.
    """
    lines = text.split("\n", MOST_LINES)[:MOST_LINES]
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    known = [_folded(marker) for marker in markers]
    end = len(lines)
    for number in range(len(lines)):
        if _is_forward(lines[number]):
            return len(text)
        if quote is not None and starts[number] >= quote and lines[number].strip():
            end = number
            break
        if _begins_quote(lines, number, known):
            end = number
            break
    if end < len(lines) and _goes_on(lines[end:]):
        return len(text)
    end = _before_signature(lines[:end])
    return starts[end] if end < len(lines) and text[: starts[end]].strip() else len(text)


def is_passed_on(subject: str) -> bool:
    """Whether what stands below is what the sender wants to be read. Outlook marks it as it marks a quote."""
    return subject.replace("：", ":").partition(":")[0].strip().lower() in FORWARDED_SUBJECTS


def _begins_quote(lines: Sequence[str], number: int, markers: Sequence[str]) -> bool:
    line = lines[number]
    if not line.strip():
        return False
    return (
        _is_quoted(line)
        or any(marker in _folded(line) for marker in markers)
        or _is_attribution(lines, number)
        or _is_separator(lines, number)
        or _is_header_block(lines[number : number + 8])
    )


def _goes_on(rest: Sequence[str]) -> bool:
    """Whether there is text of the sender's own below or between the quoted lines."""
    quoted = [number for number, line in enumerate(rest) if _is_quoted(line)]
    if not quoted:
        return False
    between = [line for line in rest[quoted[0] : quoted[-1]] if line.strip() and not _is_quoted(line)]
    if between and not any(_is_separator(rest, n) for n in range(quoted[0], quoted[-1])):
        return True
    below = rest[quoted[-1] + 1 :]
    return any(line.strip() for line in below[: _before_signature(below)])


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _is_attribution(lines: Sequence[str], number: int) -> bool:
    """`On Monday, Cleo <cleo@...> wrote:`, on one line or folded onto three."""
    following = next((line for line in lines[number + 1 : number + 4] if line.strip()), "")
    if _is_attribution_line(lines[number], quote_follows=_is_quoted(following)):
        return True
    # What stands above "Cleo wrote:" may be the answer: a folded line begins with the date, after an empty line.
    if (number and lines[number - 1].strip()) or not _DAY.search(lines[number][:_LONGEST]):
        return False
    for length in (2, 3):
        part = [line.strip() for line in lines[number : number + length]]
        if len(part) < length or part[-2].endswith((".", "!", "?")) or not part[-1]:
            return False
        if _is_attribution_line(" ".join(part), quote_follows=False):
            return not _is_attribution_line(part[-1], quote_follows=False)
    return False


def _is_attribution_line(line: str, *, quote_follows: bool) -> bool:
    line = line.strip(_MARKS)
    if len(line) > _LONGEST or not line.endswith((":", "：")):
        return False
    line = line.lower()
    dated = bool(_DAY.search(line))
    if not _VERBS.search(line):
        return dated and line.rstrip(" :：").endswith(">")
    return quote_follows or dated or ("@" in line and any(letter.isdigit() for letter in line))


def _is_separator(lines: Sequence[str], number: int) -> bool:
    line = lines[number].strip()
    words = line.strip(_DASHES).lower()
    if not words and len(line) >= 20 and set(line) <= set("_-"):
        following = [later for later in lines[number + 1 : number + 10] if later.strip()]
        return _is_header_block(following)
    return words in ORIGINAL and len(line) - len(words) >= 4


def _is_forward(line: str) -> bool:
    return len(line) < 100 and line.strip(_DASHES + ":").lower() in FORWARDED


def _is_header_block(lines: Sequence[str]) -> bool:
    """From:, then at least two of Sent:, To:, Subject: and so on."""
    keys = [_key(line) for line in lines if line.strip()]
    return bool(keys) and keys[0] in FROM and sum(key in ALSO for key in keys[1:6]) >= 2


def _key(line: str) -> str:
    head, colon, _ = line[:80].replace("：", ":").partition(":")
    return head.strip(" *>\xa0\t").lower() if colon else ""


def _before_signature(lines: Sequence[str]) -> int:
    """The number of lines above the signature."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    for number in range(max(0, end - _LONGEST_SIGNATURE), end):
        if lines[number].rstrip() == "--":
            return number
    number = end
    while number and _is_sent_from(lines[number - 1]):
        number -= 1
    return number if number < end else len(lines)


def _is_sent_from(line: str) -> bool:
    line = line.strip(" _-*[]\t").lower()
    return len(line) < 120 and line.startswith(SENT_FROM)


def _folded(text: str) -> str:
    return " ".join(text[:_LONGEST].lower().split())
