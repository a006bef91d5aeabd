"""What can go wrong. A docstring is the default message; no message holds a value or the driver's words."""

import inspect

# The SQLSTATE of an Unavailable that only whoever has the server's disk can mend.
DISK_FULL = "53100"


class Error(Exception):
    """The database refused the statement."""

    def __init__(self, message: str = "", *, sqlstate: str = "") -> None:
        text = message or inspect.cleandoc(type(self).__doc__ or "")
        super().__init__(f"{text} (SQLSTATE {sqlstate})" if sqlstate else text)
        self.sqlstate = sqlstate


class NotFound(Error):
    """There is no such row."""


class TooManyRows(Error):
    """The query found more rows than a list may hold; give it a limit, or read it page by page."""


class Conflict(Error):
    """The change contradicts what is stored; `constraint` names the rule."""

    def __init__(self, constraint: str = "", *, sqlstate: str = "") -> None:
        super().__init__(f"The change breaks {constraint}." if constraint else "", sqlstate=sqlstate)
        self.constraint = constraint


class Stale(Error):
    """Somebody else has changed or taken this row meanwhile; read it again."""


class Contended(Error):
    """The database gave precedence to another transaction; repeat this one."""


class BadValue(Error):
    """A value does not fit its column."""


class BadCursor(Error):
    """This cursor does not belong to this list; begin at the first page."""


class NoTransaction(Error):
    """No transaction is open."""


class Broken(Error):
    """The transaction failed at an earlier statement; leave it, or guard what may fail with a savepoint."""


class Refused(Error):
    """The database role may not do this."""


class TimedOut(Error):
    """The database took too long; nothing was changed."""


class Unavailable(Error):
    """The database cannot be reached; try again."""


class OutcomeUnknown(Unavailable):
    """The connection was lost during the commit: the change may have been stored or not."""
