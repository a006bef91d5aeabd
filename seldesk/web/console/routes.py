"""The console's addresses, on a host of its own."""

from rpc import Kind
from seldesk.methods.console import ops_disclosures, ops_findings
from seldesk.web.console import (
    access,
    audit,
    clean_ups,
    customers,
    disclosures,
    entry,
    findings,
    incidents,
    jobs,
    operating,
    overview,
    places,
    profile,
    proving,
    reports,
    security,
    staff,
)
from seldesk.web.routes import get, post

ENTRY = [
    get("/sign-in", entry.form),
    post("/sign-in", entry.begin),
    get("/sign-in/factor", entry.in_time(entry.step)),
    post("/sign-in/factor", entry.in_time(entry.by_code)),
    post("/sign-in/passkey", entry.in_time(entry.by_passkey)),
    get("/welcome/{token}", entry.welcome),
    post("/welcome/{token}", entry.choose_password),
    get("/enrol", entry.in_time(entry.enrolment)),
    post("/enrol/code", entry.in_time(entry.enrol_code)),
    post("/enrol/passkey", entry.in_time(entry.enrol_passkey)),
]
PROFILE = [
    get("/again", proving.again.form, Kind.STAFF),
    post("/again", proving.again.by_code, Kind.STAFF),
    post("/again/passkey", proving.again.by_passkey, Kind.STAFF),
    post("/sign-out", entry.sign_out, Kind.STAFF),
    get("/profile", profile.profile, Kind.STAFF),
    post("/profile/password", proving.acting(profile.change_password, profile.HERE), Kind.STAFF),
    get("/profile/factors/new", proving.looking(profile.new_factor), Kind.STAFF),
    post("/profile/factors/authenticator", proving.acting(profile.add_authenticator, profile.NEW), Kind.STAFF),
    post("/profile/factors/passkey", proving.acting(profile.add_passkey, profile.NEW), Kind.STAFF),
    post("/profile/factors/{id}/remove", proving.acting(profile.remove_factor, profile.HERE), Kind.STAFF),
    post("/profile/codes", proving.acting(profile.renew_codes, profile.HERE), Kind.STAFF),
    post("/profile/sessions/{id}/end", profile.end_session, Kind.STAFF),
]
STAFF = [
    get("/staff", staff.listed, Kind.STAFF),
    post("/staff", proving.acting(staff.add, staff.HOME), Kind.STAFF),
    get("/staff/{id}", staff.member, Kind.STAFF),
    post("/staff/{id}/roles", proving.acting(staff.choose_roles, staff.home_of), Kind.STAFF),
    post("/staff/{id}/disable", proving.acting(staff.disable, staff.home_of), Kind.STAFF),
    post("/staff/{id}/enable", proving.acting(staff.enable, staff.home_of), Kind.STAFF),
    post("/staff/{id}/reset", proving.acting(staff.reset, staff.home_of), Kind.STAFF),
]
INCIDENTS = [
    get("/incidents", incidents.listed, Kind.STAFF),
    post("/incidents", incidents.draft, Kind.STAFF),
    get("/incidents/new", incidents.blank, Kind.STAFF),
    get("/incidents/{id}", incidents.incident, Kind.STAFF),
    post("/incidents/{id}", incidents.revise, Kind.STAFF),
    get("/incidents/{id}/edit", incidents.edit, Kind.STAFF),
    get("/incidents/{id}/preview", incidents.preview, Kind.STAFF),
    get("/incidents/{id}/preview/page", incidents.preview_page, Kind.STAFF),
    get("/incidents/{id}/preview/mail", incidents.preview_mail, Kind.STAFF),
    post("/incidents/{id}/publish", proving.acting(incidents.publish, incidents.home_of), Kind.STAFF),
    post("/incidents/{id}/discard", proving.acting(incidents.discard, incidents.home_of), Kind.STAFF),
    # Without the way back: what was typed stands on the page that says that a proof is needed.
    post("/incidents/{id}/updates", incidents.update, Kind.STAFF),
    post("/incidents/{id}/again", proving.acting(incidents.send_again, incidents.home_of), Kind.STAFF),
]
REPORTS = [
    get("/reports", reports.listed, Kind.STAFF),
    get("/reports/{id}", reports.report, Kind.STAFF),
    post("/reports/{id}", reports.write, Kind.STAFF),
]
FINDINGS = [
    get("/findings", findings.listed, Kind.STAFF),
    post("/findings", findings.enter, Kind.STAFF),
    get("/findings/{id}", findings.finding, Kind.STAFF),
    post("/findings/{id}", findings.changing(ops_findings.hand_over, "owner", "due"), Kind.STAFF),
    post("/findings/{id}/close", findings.changing(ops_findings.close, "ending", "patch"), Kind.STAFF),
]
DISCLOSURES = [
    get("/disclosures", disclosures.listed, Kind.STAFF),
    post("/disclosures", disclosures.open, Kind.STAFF),
    get("/disclosures/{id}", disclosures.disclosure, Kind.STAFF),
    post("/disclosures/{id}/notice", disclosures.recording(ops_disclosures.notice, "how"), Kind.STAFF),
    post("/disclosures/{id}/bar", disclosures.recording(ops_disclosures.bar, "basis", "until"), Kind.STAFF),
    post("/disclosures/{id}/close", disclosures.recording(ops_disclosures.close, "outcome"), Kind.STAFF),
]
ONE_CUSTOMER = [
    get("/customers/{slug}", customers.customer, Kind.STAFF),
    post("/customers/{slug}/suspend", operating.suspend, Kind.STAFF),
    post("/customers/{slug}/reactivate", operating.reactivate, Kind.STAFF),
    post("/customers/{slug}/plan", operating.plan, Kind.STAFF),
    post("/customers/{slug}/copy", operating.copy, Kind.STAFF),
    post("/customers/{slug}/rotate", operating.rotate, Kind.STAFF),
    post("/customers/{slug}/side/close", operating.close_side, Kind.STAFF),
    get("/customers/{slug}/move", operating.moving, Kind.STAFF),
    post("/customers/{slug}/move", operating.move, Kind.STAFF),
    get("/customers/{slug}/restore", operating.restoring, Kind.STAFF),
    post("/customers/{slug}/restore", operating.restore, Kind.STAFF),
    get("/customers/{slug}/person", operating.leaving, Kind.STAFF),
    post("/customers/{slug}/person", operating.erase_person, Kind.STAFF),
    get("/customers/{slug}/close", operating.erasing, Kind.STAFF),
    post("/customers/{slug}/close", operating.erase, Kind.STAFF),
]
ACCESS = [
    get("/customers/{slug}/access", access.access, Kind.STAFF),
    post("/customers/{slug}/access", proving.acting(access.start, access.home_of), Kind.STAFF),
    post("/customers/{slug}/access/ask", proving.acting(access.ask, access.home_of), Kind.STAFF),
    post("/customers/{slug}/access/{id}/approve", proving.acting(access.approve, access.home_of), Kind.STAFF),
    post("/customers/{slug}/access/{id}/end", proving.acting(access.end, access.home_of), Kind.STAFF),
]
CONSOLE = [
    *ENTRY,
    *PROFILE,
    *STAFF,
    *ACCESS,
    *INCIDENTS,
    *REPORTS,
    *FINDINGS,
    *DISCLOSURES,
    *ONE_CUSTOMER,
    get("/", overview.overview, Kind.STAFF),
    get("/customers", customers.listed, Kind.STAFF),
    get("/clusters", places.clusters, Kind.STAFF),
    post("/clusters/{slug}/state", proving.acting(places.place, places.CLUSTERS), Kind.STAFF),
    get("/backups", places.backups, Kind.STAFF),
    get("/mail", places.mail, Kind.STAFF),
    get("/jobs", jobs.listed, Kind.STAFF),
    post("/jobs/{kind}/run", proving.acting(jobs.run, jobs.HOME), Kind.STAFF),
    get("/alerts", jobs.alerts, Kind.STAFF),
    get("/clean-ups", clean_ups.listed, Kind.STAFF),
    get("/erasures", clean_ups.erasures, Kind.STAFF),
    get("/security", security.shown, Kind.STAFF),
    get("/audit", audit.listed, Kind.STAFF),
    post("/audit/check", proving.acting(audit.check, audit.HOME), Kind.STAFF),
    post("/audit/accept", proving.acting(audit.accept, audit.HOME), Kind.STAFF),
]
