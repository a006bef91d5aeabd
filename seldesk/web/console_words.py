"""How the console's values read."""

SECTIONS = {
    "/": ("Overview", "console", "home"),
    "/customers": ("Customers", "console.customers", "building"),
    "/incidents": ("Incidents", "console.incidents", "flag"),
    "/reports": ("Reports", "console.incidents", "file-text"),
    "/findings": ("Findings", "console.findings", "list-check"),
    "/disclosures": ("Disclosures", "console.disclosures", "lock"),
    "/clusters": ("Clusters", "console.clusters", "server"),
    "/backups": ("Backups", "console.backups", "database"),
    "/mail": ("Mail", "console.mail", "mail"),
    "/alerts": ("Alerts", "console.alerts", "bell"),
    "/jobs": ("Jobs", "console.jobs", "clock"),
    "/clean-ups": ("Clean-ups", "console.clean_ups", "trash"),
    "/erasures": ("Erasures", "console.clean_ups", "history"),
    "/security": ("Security", "console.security", "lock"),
    "/audit": ("Audit", "console.audit", "shield-check"),
    "/staff": ("Staff", "console.staff", "user-shield"),
}
# The pages of one customer, below its own address.
CUSTOMER_PAGES = {
    "": ("How it is", "console.customers", "building"),
    "/access": ("Staff access", "console.customers", "user-shield"),
    "/move": ("Move", "console.customers.operate", "server"),
    "/restore": ("Restore", "console.restores", "database"),
    "/person": ("Erase a person", "console.customers.erase", "user"),
    "/close": ("Close and erase", "console.customers.erase", "trash"),
}
# What a state is called, and the chip's colour.
CUSTOMER_STATES = {
    "requested": ("Requested", "new"),
    "provisioning": ("Being made", "new"),
    "active": ("Active", "open"),
    "suspended": ("Suspended", "waiting"),
    "terminated": ("Terminated", "urgent"),
    "purging": ("Being erased", "urgent"),
    "purged": ("Erased", "solved"),
}
# How a customer is, by the worst that is known of it.
HEALTHS = {
    "unreachable": ("Does not answer", "urgent"),
    "uncovered": ("No new copy", "urgent"),
    "failing": ("Operation fails", "waiting"),
    "alert": ("Alert", "waiting"),
    "mail": ("Mail trouble", "waiting"),
    "well": ("Well", "open"),
}
ORDERS = {
    "address": "Address",
    "health": "Worst health first",
    "newest": "Newest first",
    "largest": "Largest first",
    "oldest-copy": "Oldest copy first",
}
CLUSTER_STATES = {
    "open": ("Open", "open", "takes customers"),
    "full": ("Full", "waiting", "takes none that are new"),
    "closed": ("Closed", "solved", "takes none, also none that move"),
}
# What the operator did with a customer, as it was asked for.
ACTS = {
    "suspend": "Suspended",
    "reactivate": "Opened again",
    "terminate": "Closed",
    "plan": "Plan changed",
    "move": "Move asked for",
    "rotate": "New credentials asked for",
    "copy": "Copy asked for",
    "restore": "Restore in its place asked for",
    "restore-aside": "Restore on the side asked for",
}
DONE = {
    "suspend": "It can be read only from now on, and everybody there is told why.",
    "reactivate": "It is open again.",
    "plan": "It has another plan from now on.",
    "copy": "A copy is asked for.",
    "rotate": "New credentials are asked for.",
    "move": "The move is asked for.",
    "restore": "The restore stands in the queue.",
    "erase": "It is closed.",
    "person": "The account is closed, and what is known of its person is erased when you chose. Its audit says so.",
    "close": "What stood on the side is closed, and removed in the night.",
}
RESTORES = {"drill": "Test", "aside": "On the side", "live": "In its place"}
RESTORE_STATES = {
    "waiting": ("Waits", "new"),
    "open": ("Open", "open"),
    "done": ("Done", "solved"),
    "failed": ("Failed", "urgent"),
}
COPY_KINDS = {"scheduled": "By the clock", "asked": "Asked for", "safety": "For safety"}
# What a job fails with, as it is written down.
FAILURES = {
    "Unavailable": "A database could not be reached",
    "StoreUnavailable": "A store could not be reached",
    "StoreFull": "A store has no room",
    "TimedOut": "A statement took too long",
    "SomeMustWait": "With some customers something else is being done",
    "SomeAreAway": "Some customers could not be reached",
    "TakenOver": "Another worker took it over",
}
PLANS = {"paid": "Paid", "trial": "Trial", "education": "Education", "free": "Free"}
STAFF_ROLES = {
    "support": ("Support", "Sees customers and how their mail does"),
    "operations": (
        "Operations",
        "Moves, copies, restores, suspends and closes customers, runs jobs, and sees all that stands still",
    ),
    "security": ("Security", "Looks after staff accounts, suspends customers and gives them new credentials"),
    "billing": ("Billing", "Sees customers and their plans, and suspends those who do not pay"),
}
JOB_STATES = {
    "new": ("Waits", "new"),
    "running": ("Runs", "waiting"),
    "done": ("Done", "open"),
    "unknown": ("Unknown", "waiting"),
    "dead": ("Failed", "urgent"),
    "superseded": ("Given up", "solved"),
}
JOBS = {
    "acts": "Writes what the operator did with customers into their own audits",
    "figures": "Asks every customer how large it is and how its mail does, in counts",
    "tidy": "Forgets what is over: counters, links, sessions, finished work",
    "watch": "Looks how old the newest copy of each database is",
    "downloads": "Removes downloads whose day is over",
    "clean-up": "Erases those who left, every half year",
    "plans": "Tells owners of trials that end and of storage that fills, and ends trials",
    "departures": "Ends sessions of those who leave, tells their owners, and erases what was asked for",
    "people": "Erases people whose account was closed, when their day has come",
    "reports": "Warns of reports, findings and notices that are due",
    "incidents": "Tells people inside customers and webhooks of incidents",
    "status": "Writes the status page",
    "anchors": "Puts down in both stores where the operator's log ends",
    "audits": "Computes every chain of the audit anew, the customers' and the operator's",
    "roles": "Looks whether a database role has settings of its own",
    "copies": "Asks for the copies whose time has come",
    "keeping": "Drops copies that no rule keeps any more",
    "registry": "Holds what is known of databases against what lies on the clusters",
    "catalogue": "Looks whether each database is what provisioning makes",
    "objects": "Holds files and keys against the customers and the rows that name them",
    "former": "Drops what customers that moved have left behind",
    "sides": "Removes copies on the side whose days are over",
    "drills": "Asks for the copies that are restored this night to prove them",
    "places": "Asks clusters and stores whether they answer and how full they are",
    "own-drill": "Restores the newest copy of the control database beside it to prove it",
    "stores": "Holds what lies in both stores against the copies that there should be",
    "accesses": "Writes down which accesses of staff to customers have ended",
}
CHECKS = {
    "access": "One of us comes into customers' accounts often, or gives the same reason again",
    "registry": "Databases that nobody knows, or that are missing",
    "catalogue": "A database is not what provisioning makes",
    "roles": "A role has settings that nobody gave it",
    "objects": "Files or keys that are nobody's, missing, changed, or in one place only",
    "copies": "A copy was not made, or not in both stores",
    "coverage": "The newest copy of a database is too old",
    "keeping": "Copies cannot be dropped, or are older than they should be",
    "places": "A cluster or a store does not answer, or is nearly full",
    "stores": "A copy in a store is missing, changed, or not ours",
    "ledger": "An entry of the ledger of erasures in a store was not signed by us: nobody is erased by it",
    "disclosures": "A customer is to be told what was handed over of it",
    "findings": "A finding was not mended by its day",
    "reports": "A report that a customer asked for is due soon, or late",
    "audits": "A chain of the audit is broken, or shorter than it was",
    "drills": "A copy could not be restored, or was not what it should be",
    "own-drill": "The newest copy of the control database could not be restored, or was not what it should be",
}
GRANTS = {
    "owner": "an owner has turned it on",
    "emergency": "in an emergency",
    "authority": "because an authority asks",
}
ACCESS_SCOPES = {"read": "Read only", "write": "Read and write"}
ENDS = {
    "stopped": "Ended by them",
    "idle": "Idle",
    "over": "Time over",
    "grant": "Access turned off or over",
    "staff": "Session or account ended",
    "subject": "The person is not active any more",
    "unused": "Never used",
}
DEEDS = {
    "ops_people.erase": "Had a person at a customer erased",
    "ops_people.erase_at_console": "Had a person at a customer erased",
    "added": "Account added",
    "password chosen": "Password chosen by the one-time link",
    "password changed": "Password changed",
    "password refused": "Wrong password",
    "factor refused": "Wrong second factor",
    "signed in": "Signed in",
    "proved again": "Proved once more who it is",
    "signed out": "Signed out",
    "session ended": "Session ended",
    "factor added": "Second factor added",
    "factor removed": "Second factor removed",
    "recovery code used": "Recovery code used",
    "recovery codes made": "New recovery codes made",
    "roles changed": "Roles changed",
    "factors reset": "Password and factors reset",
    "disabled": "Account disabled",
    "enabled": "Account enabled",
    "job asked for": "Asked for a job",
    "incident written": "Wrote an incident",
    "incident discarded": "Discarded an incident",
    "incident published": "Published an incident",
    "incident updated": "Wrote an update of an incident",
    "incident resolved": "Resolved an incident",
    "incident sent again": "Sent what had failed of an incident again",
    "report written": "Gave a report to a customer",
    "disclosure opened": "Wrote down a disclosure",
    "customer told of disclosure": "Recorded that a customer was told of a disclosure",
    "bar of notice recorded": "Recorded that a customer must not be told",
    "disclosure export begun": "Began to export for a disclosure",
    "disclosure exported": "Exported for a disclosure",
    "disclosure closed": "Closed a disclosure",
    "finding entered": "Wrote down a finding",
    "finding handed over": "Handed a finding over",
    "finding closed": "Closed a finding",
    "customer operated": "Did something with a customer",
    "placing changed": "Changed whom a cluster takes",
    "check asked for": "Asked for a check of the chains",
    "seam accepted": "Accepted where a chain ends",
    "denied": "Was refused",
    "chains anchored": "Ends of chains put down",
    "chains checked": "All chains checked",
}
WEIGHTS = {
    "critical": ("Critical", "urgent"),
    "high": ("High", "urgent"),
    "medium": ("Medium", "waiting"),
    "low": ("Low", "solved"),
}
WEIGHT_WORDS = {
    "critical": "Critical: in 7 days",
    "high": "High: in 30 days",
    "medium": "Medium: in 90 days",
    "low": "Low: in 180 days",
}
SOURCES = {"scanner": "A scanner", "report": "Somebody outside", "review": "A review", "advisory": "An advisory"}
FINDING_STATES = {"open": "Open", "patched": "Patched", "accepted": "Accepted"}
# What it is called, the chip's colour, and when to choose it.
SEVERITIES = {
    "minor": ("Minor", "waiting", "Something is slow, or a small part does not work"),
    "major": ("Major", "urgent", "Much does not work, or for many"),
    "critical": ("Critical", "urgent", "Nothing works, or data is at risk"),
}
INCIDENT_STATES = {"draft": ("Draft", "new"), "open": ("Under way", "urgent"), "resolved": ("Over", "solved")}
INCIDENT_STEPS = {
    "investigating": "Looking into it",
    "identified": "Cause known",
    "watching": "Mended, being watched",
    "resolved": "Over",
}
SCOPES = {
    "everyone": "Everyone",
    "data_centre": "A data centre",
    "cluster": "A cluster",
    "customers": "Some customers",
    "people": "Some people",
}
DELIVERY_STATES = {"waiting": ("Waits", "waiting"), "sent": ("Sent", "open"), "failed": ("Failed", "urgent")}
RECIPIENTS = {"customer": "Primary address", "people": "People there", "webhook": "Webhook"}
OPERATIONS = {
    "provision": "Making its database",
    "migrate": "Bringing it to a new version",
    "move": "Moving it to another cluster",
    "copy": "Copying it",
    "restore": "Restoring it",
    "purge": "Erasing it",
    "suspend": "Suspending it",
    "rotate": "Giving its roles new passwords",
    "drill": "Testing a copy of it",
}


def groups(secret: str) -> str:
    """In groups of four, to be typed."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
