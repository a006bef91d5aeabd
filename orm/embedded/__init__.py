"""A PostgreSQL 18 of one's own: found, set up, started and stopped, without a package of the system."""

from .access import access_rules
from .binaries import MAJOR, binaries, version
from .errors import EmbeddedError
from .server import Embedded, Server

__all__ = ["MAJOR", "Embedded", "EmbeddedError", "Server", "access_rules", "binaries", "version"]
