"""The nouns of the operator: customers, what is under way with them, jobs. Never a ticket's text."""

from seldesk.models.control import (
    access,
    access_grant,
    access_watch,
    anchors,
    backlog,
    capacity,
    directory,
    dossier,
    filling,
    incident_affected,
    incident_letter,
    incident_telling,
    leaving,
    mail_health,
    operator_listing,
    overview,
    placing,
    pulse,
    queue,
    searching,
    staff_access,
    staff_notice,
    staff_proof,
    trial,
    version,
)
from seldesk.models.control.access import Access
from seldesk.models.control.access_grant import AccessGrant
from seldesk.models.control.access_letter import WayIn
from seldesk.models.control.act import Act, Deed
from seldesk.models.control.alert import Alert
from seldesk.models.control.clean_up import CleanUp
from seldesk.models.control.cluster import Cluster
from seldesk.models.control.confirmation import Confirmation
from seldesk.models.control.copy import EXISTING, Copy
from seldesk.models.control.customer import SERVED, Customer
from seldesk.models.control.disclosure import Disclosure
from seldesk.models.control.download import Download
from seldesk.models.control.erasure import Erasure
from seldesk.models.control.figures import ClusterFigures, CustomerFigures, StoreFigures
from seldesk.models.control.finding import Ending, Finding, Source, Weight
from seldesk.models.control.former import Former
from seldesk.models.control.incident import Draft, Incident, IncidentUpdate, Scope, Severity, Step
from seldesk.models.control.incident_affected import Affected
from seldesk.models.control.incident_delivery import IncidentDelivery
from seldesk.models.control.incident_report import IncidentReport
from seldesk.models.control.job import Job, Timetable
from seldesk.models.control.lease import Lease
from seldesk.models.control.leaving_person import LeavingPerson
from seldesk.models.control.limit import Limit
from seldesk.models.control.operation import Operation
from seldesk.models.control.operator_log import OperatorEntry, OperatorFacts
from seldesk.models.control.outbox import Outbox
from seldesk.models.control.purge import Purge
from seldesk.models.control.restore import Restore
from seldesk.models.control.security_count import SecurityCount
from seldesk.models.control.shelf import Shelf
from seldesk.models.control.sign_up import Availability, SignUp, SignUpForm
from seldesk.models.control.staff import Staff, StaffRole
from seldesk.models.control.staff_factor import StaffFactor, StaffRecovery
from seldesk.models.control.staff_offer import StaffOffer
from seldesk.models.control.staff_session import StaffEntry, StaffSession
from seldesk.models.control.wakeup import Wakeup

__all__ = [
    "EXISTING",
    "SERVED",
    "Access",
    "AccessGrant",
    "Act",
    "Affected",
    "Alert",
    "Availability",
    "CleanUp",
    "Cluster",
    "ClusterFigures",
    "Confirmation",
    "Copy",
    "Customer",
    "CustomerFigures",
    "Deed",
    "Disclosure",
    "Download",
    "Draft",
    "Ending",
    "Erasure",
    "Finding",
    "Former",
    "Incident",
    "IncidentDelivery",
    "IncidentReport",
    "IncidentUpdate",
    "Job",
    "Lease",
    "LeavingPerson",
    "Limit",
    "Operation",
    "OperatorEntry",
    "OperatorFacts",
    "Outbox",
    "Purge",
    "Restore",
    "Scope",
    "SecurityCount",
    "Severity",
    "Shelf",
    "SignUp",
    "SignUpForm",
    "Source",
    "Staff",
    "StaffEntry",
    "StaffFactor",
    "StaffOffer",
    "StaffRecovery",
    "StaffRole",
    "StaffSession",
    "Step",
    "StoreFigures",
    "Timetable",
    "Wakeup",
    "WayIn",
    "Weight",
    "access",
    "access_grant",
    "access_watch",
    "anchors",
    "backlog",
    "capacity",
    "directory",
    "dossier",
    "filling",
    "incident_affected",
    "incident_letter",
    "incident_telling",
    "leaving",
    "mail_health",
    "operator_listing",
    "overview",
    "placing",
    "pulse",
    "queue",
    "searching",
    "staff_access",
    "staff_notice",
    "staff_proof",
    "trial",
    "version",
]
