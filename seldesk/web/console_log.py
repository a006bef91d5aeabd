"""How entries of the operator's log read."""

from seldesk.methods.console.ops_audit import LogEntry
from seldesk.web.console_words import DEEDS

GROUPS = {
    "credentials": "Sign-ins and credentials",
    "refused": "What was refused",
    "access": "Access to customers",
    "staff": "What staff did",
    "commands": "Commands",
    "chains": "Chains and their checks",
}
OUTCOMES = {
    "done": ("Done", "solved"),
    "failed": ("Failed", "urgent"),
    "denied": ("Refused", "urgent"),
    "partly": ("Partly", "waiting"),
}
CHAINS = ("chains anchored", "chains checked")


def act(entry: LogEntry) -> str:
    """What was done. A method without words of its own reads as it is called."""
    return DEEDS.get(entry.kind) or entry.kind.replace("_", " ").replace(".", ": ").capitalize()


def detail(entry: LogEntry) -> str:
    if entry.kind == "chains anchored":
        return _customers(len(entry.objects))
    if entry.kind == "chains checked":
        told = entry.objects
        return f"{_customers(told['looked'])}, {told['wrong']} wrong, {told['missed']} missed"
    facts = {**entry.objects, **(entry.facts or {})} if entry.kind == "access call" else entry.facts or {}
    return " · ".join(str(facts[name]) for name in ("detail", "method", "cluster", "reason") if name in facts)


def nobody(entry: LogEntry) -> str:
    """Who did what none of the staff did."""
    if entry.kind in CHAINS:
        return "A check"
    return "Somebody" if entry.outcome == "denied" else "A command"


def _customers(number: int) -> str:
    return "1 customer" if number == 1 else f"{number} customers"
