"""How the console's values read."""

SECTIONS = {
    "/customers": ("Customers", "console.customers", "building"),
    "/alerts": ("Alerts", "console.alerts", "bell"),
    "/jobs": ("Jobs", "console.jobs", "clock"),
    "/clean-ups": ("Clean-ups", "console.clean_ups", "trash"),
    "/staff": ("Staff", "console.staff", "user-shield"),
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
PLANS = {"paid": "Paid", "trial": "Trial", "education": "Education", "free": "Free"}
STAFF_ROLES = {
    "support": ("Support", "Sees customers, and helps them"),
    "operations": ("Operations", "Runs jobs, and sees alerts and clean-ups"),
    "security": ("Security", "Looks after staff accounts, and sees alerts, jobs and clean-ups"),
    "billing": ("Billing", "Sees customers and their plans"),
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
    "tidy": "Forgets what is over: counters, links, sessions, finished work",
    "watch": "Looks how old the newest copy of each database is",
    "downloads": "Removes downloads whose day is over",
    "clean-up": "Erases those who left, every half year",
    "departures": "Ends sessions of those who leave, tells their owners, and erases what was asked for",
    "people": "Erases people whose account was closed, when their day has come",
    "roles": "Looks whether a database role has settings of its own",
    "copies": "Asks for the copies whose time has come",
    "keeping": "Drops copies that no rule keeps any more",
    "registry": "Holds what is known of databases against what lies on the clusters",
    "catalogue": "Looks whether each database is what provisioning makes",
    "objects": "Holds files and keys against the customers and the rows that name them",
    "former": "Drops what customers that moved have left behind",
    "sides": "Removes copies on the side whose days are over",
    "drills": "Asks for the copies that are restored this night to prove them",
    "own-drill": "Restores the newest copy of the control database beside it to prove it",
    "stores": "Holds what lies in both stores against the copies that there should be",
}
CHECKS = {
    "registry": "Databases that nobody knows, or that are missing",
    "catalogue": "A database is not what provisioning makes",
    "roles": "A role has settings that nobody gave it",
    "objects": "Files or keys that are nobody's, missing, or in one place only",
    "copies": "A copy was not made, or not in both stores",
    "coverage": "The newest copy of a database is too old",
    "keeping": "Copies cannot be dropped, or are older than they should be",
    "stores": "A copy in a store is missing, changed, or not ours",
    "drills": "A copy could not be restored, or was not what it should be",
    "own-drill": "The newest copy of the control database could not be restored, or was not what it should be",
}
DEEDS = {
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
}
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
