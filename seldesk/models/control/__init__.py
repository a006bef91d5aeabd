"""The nouns of the operator: customers, what is under way with them, jobs. Never a ticket's text."""

from seldesk.models.control.alert import Alert
from seldesk.models.control.cluster import Cluster
from seldesk.models.control.confirmation import Confirmation
from seldesk.models.control.customer import Customer
from seldesk.models.control.former import Former
from seldesk.models.control.job import Job
from seldesk.models.control.lease import Lease
from seldesk.models.control.wakeup import Wakeup

__all__ = ["Alert", "Cluster", "Confirmation", "Customer", "Former", "Job", "Lease", "Wakeup"]
