"""With a server on another machine one speaks by TLS alone, and it must show a certificate for its name.

Whom to believe is this machine's to say: its own store of authorities, or SSL_CERT_FILE.
"""

import ssl
from functools import cache

from orm.address import Address

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def security(address: Address) -> ssl.SSLContext | bool:
    """For the driver. What it does unasked is to speak in the clear with whoever says that there is no TLS."""
    # To ask a server on this machine whether it would encrypt costs a quarter of a connection.
    return False if _is_here(address) else _context()


def variables(address: Address) -> dict[str, str]:
    """The same for PostgreSQL's own programs."""
    return {} if _is_here(address) else {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "system"}


def _is_here(address: Address) -> bool:
    return address.host in _LOOPBACK or address.host.startswith("/")


@cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()
