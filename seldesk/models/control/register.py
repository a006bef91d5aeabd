"""Where a customer's data lies: every place, and until when something of it is there after the end."""

from dataclasses import dataclass
from datetime import timedelta

LONGEST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Place:
    """life is how long something of a customer can be there after it was erased; zero: not a moment."""

    key: str
    name: str
    says: str
    life: timedelta


AT_ONCE = timedelta(0)
# The operator's to keep: docs/where-data-lies.md.
LOGS = MACHINES = timedelta(days=30)
PLACES = (
    Place("database", "Database", "Tickets, mails, people and settings, in a database that is yours alone", AT_ONCE),
    Place("keys", "Content key", "Opens what is sealed for you; destroyed, all of it is unreadable", AT_ONCE),
    Place(
        "stores",
        "Files",
        "Attachments and mails as they came, sealed, in each data centre; those in a backup stay as long as it",
        AT_ONCE,
    ),
    Place(
        "backups",
        "Backups",
        "Sealed copies of your database and the sealed files that they name; the last one takes its key with it",
        LONGEST,
    ),
    Place("downloads", "Exports", "What you had made for a download, sealed, for a day with its link", AT_ONCE),
    Place(
        "sides",
        "Restored copies",
        "Backups that were restored beside your database, for a look or as a test, and what a restore or a move left",
        timedelta(days=7),
    ),
    Place("memory", "Memory", "Keys and pages that processes hold for a minute", timedelta(minutes=1)),
    Place("control", "Directory", "Your address, so that nobody else gets your mail, and no name", LONGEST),
    Place("letters", "Letters", "What we write to your main address, until it is sent", timedelta(days=1)),
    Place(
        "records",
        "Our records",
        "When and why staff were in your helpdesk, what we did with it, incidents and their reports; only ids are left",
        AT_ONCE,
    ),
    Place(
        "disclosures",
        "Demands by law",
        "What an authority wanted to have of you and how you were told; that it asked is ours to keep",
        LONGEST,
    ),
    Place(
        "ledger",
        "Erasures",
        "That something was erased and when, in ids; kept until no backup is older, so that none brings it back",
        LONGEST,
    ),
    Place("logs", "Logs", "Methods and times of calls, never what was said in them", LOGS),
    Place(
        "machines",
        "Whole machines",
        "Physical backups of our servers, where we keep any, with PostgreSQL's log of changes: not sealed for you",
        MACHINES,
    ),
)
