"""What takes the mail that leaves."""

from seldesk.jobs.relay import Folder, Relay, Smtp
from seldesk.settings import Settings


def relay(settings: Settings) -> Relay:
    out = settings.smtp_out
    if not out.host:
        return Folder(out.folder)
    # Half of the lease: a mail that is still on its way must not be taken for one whose worker died.
    seconds = settings.limits.lease_seconds / 2
    return Smtp(out.host, out.port, out.user, out.password.get_secret_value(), out.tls, seconds)
