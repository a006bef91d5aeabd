"""What the console's pages of incidents show."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seldesk.methods.console.frames import Frame
from seldesk.methods.control.incidents import Update
from seldesk.models import control as models
from seldesk.service import Component, Told


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    id: UUID
    title: str
    severity: str
    scope: str
    target: str
    components: list[str]
    public: bool
    state: str
    created_at: datetime
    published_at: datetime | None
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from: parts of the service, data centres (code and city), clusters."""

    components: list[Component]
    data_centres: dict[str, str]
    clusters: list[str]


@dataclass(frozen=True, slots=True)
class IncidentsPage:
    frame: Frame
    items: list[IncidentFacts]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """What a draft says; customers and people one a line."""

    id: UUID
    title: str
    text: str
    severity: str
    scope: str
    target: str
    customers: str
    people: str
    components: list[str]
    public: bool


@dataclass(frozen=True, slots=True)
class WritePage:
    """draft is None for a new one."""

    frame: Frame
    choices: Choices
    draft: Written | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one update at one recipient. name is a customer's, or the host of a webhook. repeats: how often
    the same mail was handed over again. Of people there are counts alone.
    """

    id: UUID
    kind: str
    slug: str
    name: str
    state: str
    repeats: int
    error: str
    found: int
    missing: int
    mails_sent: int
    mails_failed: int
    created_at: datetime
    ended_at: datetime | None

    @property
    def message_id(self) -> str:
        return str(self.id) if self.kind == "customer" and (self.state != "failed" or self.repeats) else ""


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """counts are of deliveries by state, and under "repeated" of those that went out again."""

    frame: Frame
    incident: IncidentFacts
    components: list[Component]
    text: str
    updates: list[Update]
    customers: list[str]
    counts: dict[str, int]
    deliveries: list[Delivery]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """email is "" where nobody was named: that customer cannot be told."""

    slug: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Letter:
    """The very mail that the first recipient gets, but for its Message-ID."""

    recipient: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """told is what the status page will show, None for what everybody is not told. recipients are the first hundred
    of number, of whom without have no address; people are named at each of them.
    """

    frame: Frame
    incident: IncidentFacts
    told: list[Told] | None
    letter: Letter | None
    recipients: list[Recipient]
    number: int
    without: int
    people: int


def facts(found: models.Incident) -> IncidentFacts:
    return IncidentFacts(
        found.id,
        found.title,
        found.severity,
        found.scope,
        found.target,
        [*found.components],
        found.public,
        found.state,
        found.created_at,
        found.published_at,
        found.resolved_at,
    )


def written(found: models.Incident) -> Written:
    return Written(
        found.id,
        found.title,
        found.text,
        found.severity,
        found.scope,
        found.target,
        "\n".join(found.customers),
        "\n".join(found.people),
        [*found.components],
        found.public,
    )
