"""What a report says, in order, whatever it is written as: pairs of a heading and its paragraphs."""

from dataclasses import dataclass
from datetime import datetime

from seldesk.methods.control.incident_reports import Report

STEPS = {
    "investigating": "Looking into it",
    "identified": "Cause known",
    "watching": "Mended, being watched",
    "resolved": "Over",
}
SEVERITIES = {"minor": "Minor", "major": "Major", "critical": "Critical"}


@dataclass(frozen=True, slots=True)
class Part:
    heading: str
    paragraphs: list[str]


def moment(at: datetime) -> str:
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def facts_of(report: Report) -> list[tuple[str, str]]:
    """What stands at its head."""
    over = moment(report.resolved_at) if report.resolved_at else "Not yet, when this was written"
    facts = [
        ("For", f"{report.customer} ({report.host})"),
        ("Severity", SEVERITIES[report.severity]),
        ("Concerned", ", ".join(filter(None, (report.place, *report.components))) or "See below"),
        ("Began", moment(report.began_at)),
        ("Over", over),
    ]
    if report.people:
        facts.append(("People", f"{report.people} of yours were written to"))
    return [*facts, ("Asked for", moment(report.asked_at)), ("Written", moment(report.written_at))]


def parts_of(report: Report) -> list[Part]:
    said = [Part(f"{moment(one.at)}: {STEPS[one.step]}", one.text.split("\n")) for one in report.said]
    return [Part("What happened, and what we have changed", report.account.split("\n")), *said]
