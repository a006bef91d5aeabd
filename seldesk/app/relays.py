"""What takes the mail that leaves."""

from seldesk.jobs.relay import Folder, Relay, Signing, Smtp
from seldesk.layers import SettingsError
from seldesk.mail.encode import Unsendable
from seldesk.mail.signing import Dkim
from seldesk.settings import Settings

_TRIED = b"From: x@x.example\r\nDate: Thu, 01 Jan 1970 00:00:00 +0000\r\n\r\n"


def relay(settings: Settings) -> Relay:
    out = settings.smtp_out
    if not out.host:
        return Folder(out.folder)
    # Half of the lease: a mail that is still on its way must not be taken for one whose worker died.
    seconds = settings.limits.lease_seconds / 2
    smtp = Smtp(out.host, out.port, out.user, out.password.get_secret_value(), out.tls, seconds)
    key = signing(settings)
    return smtp if key is None else Signing(smtp, key)


def signing(settings: Settings) -> Dkim | None:
    """What signs mail, tried; SettingsError. One key for all customers, whose addresses lie below one domain."""
    out = settings.smtp_out
    if not out.dkim_selector:
        return None
    try:
        key = Dkim(settings.base, out.dkim_selector, out.dkim_key.read_bytes())
        key.signature(_TRIED)
    except (OSError, Unsendable) as error:
        raise SettingsError(f"smtp_out.dkim_key: {out.dkim_key} is no private RSA key in PEM to be read.") from error
    return key
