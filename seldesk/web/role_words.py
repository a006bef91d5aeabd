"""How roles and what they may read on a page."""

from collections.abc import Collection

from seldesk.web.words import SECTIONS

# What a section of the settings asks for; all others are for owners.
SECTION_NEEDS = {
    "/settings/people": "settings.people",
    "/settings/teams": "settings.teams",
    "/settings/organisations": "settings.organisations",
    "/settings/mailboxes": "settings.mailboxes",
    "/settings/saved-replies": "settings.saved_replies",
    "/settings/tags": "settings.tags",
    "/settings/branding": "settings.branding",
    "/settings/audit": "settings.audit",
}
REACHES = {"all": "All tickets", "own": "Their own tickets, and those of their teams"}
GROUPS = {"tickets": "Tickets", "people": "People", "helpdesk": "The helpdesk"}
# What it is called, and what somebody does with it.
PERMISSIONS = {
    "tickets.reply": ("Answer", "Open tickets, and answer by mail. An answer sets the status."),
    "tickets.note": ("Note", "Write internal notes, and follow tickets."),
    "tickets.write": ("Change", "Set status, assignee, priority and tags; delete and restore; save views."),
    "settings.people": ("People", "Invite, change and disable people who may no more than they do."),
    "settings.teams": ("Teams", "Make teams, and say who is in them."),
    "settings.organisations": ("Organisations", "Say which requesters belong together and share tickets."),
    "settings.mailboxes": ("Mailboxes", "Add addresses for mail; change their names and signatures."),
    "settings.saved_replies": ("Saved replies", "Write the texts that all agents put into their answers."),
    "settings.tags": ("Tags", "Rename tags, and take them off all tickets."),
    "settings.branding": ("Branding", "Change the name, the colour and the logo."),
    "settings.audit": ("Audit", "Read and download who did what."),
}
SCOPES = {
    "tickets.read": "Read tickets",
    "tickets.reply": "Open and answer tickets",
    "tickets.note": "Write notes and follow tickets",
    "tickets.write": "Change tickets",
    "attachments": "Fetch attachments",
    "settings.teams": "Change teams",
    "settings.organisations": "Change organisations",
    "settings.mailboxes": "Change mailboxes",
    "settings.saved_replies": "Change saved replies",
    "settings.tags": "Change tags",
    "settings.branding": "Change the branding",
}


def sections(may: Collection[str]) -> dict[str, str]:
    """The sections of the settings that are for somebody who may that."""
    return {path: name for path, name in SECTIONS.items() if SECTION_NEEDS.get(path, "settings") in may}
