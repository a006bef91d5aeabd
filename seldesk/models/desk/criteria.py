"""What somebody typed into the search box, read as words and conditions."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

import orm
import rpc
from orm.search import Term
from seldesk.caller import Caller
from seldesk.models.desk.person import WORKERS, Person
from seldesk.models.desk.searchable import PEOPLE, Searchable
from seldesk.models.desk.ticket import UNSOLVED, Ticket

STATUSES = (*UNSOLVED, "solved", "closed")
LONGEST = 1_000
MOST_WORDS = 32
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_PART = re.compile(r'(-?)(?:(status|tag|from|assignee|is):)?(?:"([^"]*)"?|([^\s"]*))', re.IGNORECASE)
_NUMBER = re.compile(r"\s*#?([1-9][0-9]{0,9})\s*")
_NOTHING = re.compile(r"\s*")


@dataclass(slots=True)
class Criteria:
    """terms are looked for in the words of tickets, conditions hold for tickets themselves; number is the
    ticket's that was asked for by it."""

    terms: list[Term] = field(default_factory=list)
    conditions: list[orm.Condition] = field(default_factory=list)
    number: int | None = None

    @classmethod
    def read(cls, caller: Caller, text: str) -> Self:
        """Any text is read somehow; Invalid where it is too much, or says nothing to look for."""
        if len(text) > LONGEST:
            raise _refused(f"This is too long to look for. Use {LONGEST:,} characters at most.")
        criteria, text = cls(), text.translate(_QUOTES)
        if (only := _NUMBER.fullmatch(text)) and int(only[1]) < 2**31:
            criteria.number = int(only[1])
        statuses: dict[bool, list[str]] = {False: [], True: []}
        at = 0
        while (at := _after_spaces(text, at)) < len(text):
            found = _PART.match(text, at)
            at = max(found.end(), at + 1) if found else at + 1
            if found:
                criteria._take(caller, found, statuses, last=not text[at:].strip())
        criteria._keep_statuses(statuses)
        criteria._check()
        return criteria

    @property
    def sought(self) -> list[Term]:
        """What a text that was found has in it."""
        return [term for term in self.terms if not term.negated and term.parts != PEOPLE]

    def _take(self, caller: Caller, found: re.Match[str], statuses: dict[bool, list[str]], *, last: bool) -> None:
        minus, operator, quoted, bare = found.groups()
        negated, value = bool(minus), (bare if quoted is None else quoted).strip()
        match (operator or "").lower():
            case "":
                parts = Searchable.parts(caller)
                begun = last and quoted is None and not negated
                self._look_for(value, parts, negated=negated, prefix=begun)
            case name if not value:
                raise _refused(f"Something is missing after “{name}:”.")
            case "from":
                self._look_for(value, PEOPLE, negated=negated, prefix=quoted is None)
            case "status":
                statuses[negated].append(_status(value))
            case name:
                condition = _CONDITIONS[name](caller, value)
                self.conditions.append(orm.not_(condition) if negated else condition)

    def _look_for(self, value: str, parts: str, *, negated: bool, prefix: bool) -> None:
        if words := tuple(orm.search.words(value)):
            self.terms.append(Term(words, prefix, negated, parts))

    def _keep_statuses(self, statuses: dict[bool, list[str]]) -> None:
        """Of several, any: a ticket has only one."""
        if statuses[False]:
            self.conditions.append(Ticket.status.in_(statuses[False]))
        if statuses[True]:
            self.conditions.append(Ticket.status.not_in(statuses[True]))

    def _check(self) -> None:
        if sum(len(term.words) for term in self.terms) + len(self.conditions) > MOST_WORDS:
            raise _refused(f"This is too much to look for at once. Use {MOST_WORDS} words at most.")
        if not self.terms and not self.conditions and self.number is None:
            raise _refused("There is no word in this to look for.")


def _status(value: str) -> str:
    if value.lower() not in STATUSES:
        raise _refused(f"There is no such status. Use {', '.join(STATUSES[:-1])} or {STATUSES[-1]}.")
    return value.lower()


def _tagged(caller: Caller, value: str) -> orm.Condition:
    return orm.any_of(Ticket.tags, value)


def _given_to(caller: Caller, value: str) -> orm.Condition:
    """To me, to nobody, or to somebody with such a name or address."""
    wanted = value.lower()
    if wanted in ("none", "nobody"):
        return Ticket.assignee_id.is_(None)
    # Not null, so that it can be turned into its opposite: what is nobody's is not Ann's.
    given = Ticket.assignee_id.is_not(None)
    if wanted == "me":
        return orm.and_(given, Ticket.assignee_id == caller.id)
    name = orm.lower(Person.name)
    named = orm.or_(
        name.startswith(wanted, autoescape=True),
        name.contains(f" {wanted}", autoescape=True),
        Person.email.startswith(wanted, autoescape=True),
    )
    people = Person.where(Person.role.in_(WORKERS), named).column(Person.id)
    return orm.and_(given, Ticket.assignee_id.in_(people))


def _being(caller: Caller, value: str) -> orm.Condition:
    match value.lower():
        case "unassigned":
            return Ticket.assignee_id.is_(None)
        case "unsolved":
            return Ticket.status.in_(UNSOLVED)
    raise _refused("After “is:” comes unassigned or unsolved.")


_CONDITIONS: dict[str, Callable[[Caller, str], orm.Condition]] = {
    "tag": _tagged,
    "assignee": _given_to,
    "is": _being,
}


def _after_spaces(text: str, at: int) -> int:
    found = _NOTHING.match(text, at)
    return found.end() if found else at


def _refused(sentence: str) -> rpc.Invalid:
    return rpc.Invalid(fields={"query": sentence})
