"""The control panel's addresses."""

from rpc import Kind
from seldesk.methods.desk import members, privacy
from seldesk.web.routes import get, post
from seldesk.web.settings import (
    account,
    audit,
    backups,
    branding,
    contact_person,
    copy,
    downloads,
    exports,
    incidents,
    mailboxes,
    organisations,
    people,
    roles,
    saved_replies,
    signing_in,
    staff_access,
    tags,
    teams,
    tokens,
    unsent,
)
from seldesk.web.settings import privacy as data

PEOPLE = [
    get("/settings", people.home, Kind.PERSON),
    get("/settings/people", people.people, Kind.PERSON),
    post("/settings/people", people.invite, Kind.PERSON),
    get("/settings/people/{id}", people.person, Kind.PERSON),
    post("/settings/people/{id}", people.update, Kind.PERSON),
    post("/settings/people/{id}/invitation", people.doing(members.send_again, "invited"), Kind.PERSON),
    post("/settings/people/{id}/revoke", people.doing(members.revoke, "withdrawn"), Kind.PERSON),
    post("/settings/people/{id}/sessions/end", people.doing(members.end_sessions, "signed_out"), Kind.PERSON),
    post("/settings/people/{id}/disable", people.doing(members.disable, "disabled"), Kind.PERSON),
    post("/settings/people/{id}/factors/reset", people.doing(members.reset_factors, "factors"), Kind.PERSON),
    post("/settings/people/{id}/enable", people.doing(members.enable, "enabled"), Kind.PERSON),
    get("/settings/people/{id}/data", data.data, Kind.PERSON),
    get("/settings/people/{id}/copy.zip", copy.copy, Kind.PERSON),
    post("/settings/people/{id}/data/factors/reset", data.doing(members.reset_factors), Kind.PERSON),
    post("/settings/people/{id}/close", data.doing(privacy.close), Kind.PERSON),
    post("/settings/people/{id}/take-back", data.doing(privacy.take_back), Kind.PERSON),
    post("/settings/people/{id}/erase", data.erase, Kind.PERSON),
]
ROLES = [
    get("/settings/roles", roles.roles, Kind.PERSON),
    post("/settings/roles", roles.create, Kind.PERSON),
    get("/settings/roles/{id}", roles.role, Kind.PERSON),
    post("/settings/roles/{id}", roles.update, Kind.PERSON),
    post("/settings/roles/{id}/delete", roles.delete, Kind.PERSON),
]
SIGNING_IN = [
    get("/settings/sign-in", signing_in.signing_in, Kind.PERSON),
    post("/settings/sign-in", signing_in.demand, Kind.PERSON),
]
TEAMS = [
    get("/settings/teams", teams.teams, Kind.PERSON),
    post("/settings/teams", teams.create, Kind.PERSON),
    get("/settings/teams/{id}", teams.team, Kind.PERSON),
    post("/settings/teams/{id}", teams.update, Kind.PERSON),
    post("/settings/teams/{id}/delete", teams.delete, Kind.PERSON),
]
ORGANISATIONS = [
    get("/settings/organisations", organisations.organisations, Kind.PERSON),
    post("/settings/organisations", organisations.create, Kind.PERSON),
    get("/settings/organisations/{id}", organisations.organisation, Kind.PERSON),
    post("/settings/organisations/{id}", organisations.update, Kind.PERSON),
    post("/settings/organisations/{id}/delete", organisations.delete, Kind.PERSON),
]
MAILBOXES = [
    get("/settings/mailboxes", mailboxes.mailboxes, Kind.PERSON),
    post("/settings/mailboxes", mailboxes.add, Kind.PERSON),
    get("/settings/mailboxes/{id}", mailboxes.mailbox, Kind.PERSON),
    post("/settings/mailboxes/{id}", mailboxes.update, Kind.PERSON),
    post("/settings/mailboxes/{id}/delete", mailboxes.delete, Kind.PERSON),
    post("/settings/mailboxes/{id}/test", mailboxes.send_test, Kind.PERSON),
]
TOKENS = [
    get("/settings/tokens", tokens.tokens, Kind.PERSON),
    post("/settings/tokens", tokens.issue, Kind.PERSON),
    post("/settings/tokens/{id}/revoke", tokens.revoke, Kind.PERSON),
]
SAVED_REPLIES = [
    get("/settings/saved-replies", saved_replies.replies, Kind.PERSON),
    post("/settings/saved-replies", saved_replies.create, Kind.PERSON),
    get("/settings/saved-replies/{id}", saved_replies.reply, Kind.PERSON),
    post("/settings/saved-replies/{id}", saved_replies.update, Kind.PERSON),
    post("/settings/saved-replies/{id}/delete", saved_replies.delete, Kind.PERSON),
]
TAGS = [
    get("/settings/tags", tags.tags, Kind.PERSON),
    post("/settings/tags/rename", tags.rename, Kind.PERSON),
    post("/settings/tags/remove", tags.remove, Kind.PERSON),
]
BRANDING = [
    get("/settings/branding", branding.branding, Kind.PERSON),
    post("/settings/branding", branding.update, Kind.PERSON, files=True),
]
ACCOUNT = [
    get("/settings/account", account.account, Kind.PERSON),
    post("/settings/account/plan", account.choose_plan, Kind.PERSON),
    post("/settings/account/pause", account.pause, Kind.PERSON),
    post("/settings/account/resume", account.resume, Kind.PERSON),
    post("/settings/account/terminate", account.terminate, Kind.PERSON),
    get("/settings/contact", contact_person.contact, Kind.PERSON),
    post("/settings/contact", contact_person.choose, Kind.PERSON),
]
BACKUPS = [
    get("/settings/backups", backups.backups, Kind.PERSON),
    post("/settings/backups", backups.ask, Kind.PERSON),
    post("/settings/backups/download", backups.download, Kind.PERSON),
    post("/settings/backups/sides", backups.beside, Kind.PERSON),
    post("/settings/backups/sides/{id}/remove", backups.remove, Kind.PERSON),
    get("/settings/backups/unsent", unsent.unsent, Kind.PERSON),
    post("/settings/backups/unsent/{id}/send", unsent.send, Kind.PERSON),
    post("/settings/backups/unsent/{id}/drop", unsent.drop, Kind.PERSON),
]
DOWNLOADS = [
    get("/settings/export", exports.exports, Kind.PERSON),
    post("/settings/export", exports.ask, Kind.PERSON),
    get("/settings/downloads/{id}", downloads.download, Kind.PERSON),
    post("/settings/downloads/{id}/withdraw", downloads.withdraw, Kind.PERSON),
]
AUDIT = [
    get("/settings/audit", audit.audit, Kind.PERSON),
    get("/settings/audit.jsonl", audit.download, Kind.PERSON),
    post("/settings/audit/verify", audit.verify, Kind.PERSON),
]
INCIDENTS = [
    get("/settings/incidents", incidents.incidents, Kind.PERSON),
    post("/settings/incidents/{id}/report", incidents.ask, Kind.PERSON),
    get("/settings/incidents/reports/{id}.html", incidents.document, Kind.PERSON),
    get("/settings/incidents/reports/{id}.pdf", incidents.pdf, Kind.PERSON),
]
STAFF_ACCESS = [
    get("/settings/staff-access", staff_access.access, Kind.PERSON),
    post("/settings/staff-access", staff_access.turn_on, Kind.PERSON),
    post("/settings/staff-access/off", staff_access.turn_off, Kind.PERSON),
    get("/settings/staff-access/{id}", staff_access.visit, Kind.PERSON),
]
PANEL = [
    *PEOPLE,
    *ROLES,
    *SIGNING_IN,
    *TEAMS,
    *ORGANISATIONS,
    *MAILBOXES,
    *TOKENS,
    *SAVED_REPLIES,
    *TAGS,
    *BRANDING,
    *AUDIT,
    *STAFF_ACCESS,
    *BACKUPS,
    *DOWNLOADS,
    *INCIDENTS,
    *ACCOUNT,
]
