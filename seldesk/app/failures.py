"""How errors of the layers below are told, and how each call is logged."""

import structlog

import orm
import rpc
from seldesk.storage import Damaged, Locked, Missing, StoreFull, StoreUnavailable


class NoRoomForFiles(rpc.Unavailable):
    """There is no room for files at the moment, and nothing was changed. Send it without files, or try again later."""

    code = "no_room_for_files"
    status = 507


log = structlog.get_logger()
# Told at once and by what needs no database, for the next one that is refused may be the control database's.
ROOM = "room"
TABLE: dict[type[Exception], type[rpc.Error]] = {
    orm.NotFound: rpc.NotFound,
    orm.Conflict: rpc.Conflict,
    orm.Stale: rpc.Conflict,
    orm.Contended: rpc.Unavailable,
    orm.BadCursor: rpc.Invalid,
    orm.BadValue: rpc.Invalid,
    orm.TimedOut: rpc.Unavailable,
    orm.Unavailable: rpc.Unavailable,
    Missing: rpc.NotFound,
    Damaged: rpc.Internal,
    Locked: rpc.Internal,
    StoreFull: NoRoomForFiles,
    StoreUnavailable: rpc.Unavailable,
}


def translate(error: Exception) -> rpc.Error | None:
    """The error that a caller may see for one of orm or storage; None for what nobody foresaw."""
    for kind in type(error).__mro__:
        told = TABLE.get(kind)
        if told is rpc.Invalid and isinstance(error, orm.BadCursor):
            return rpc.Invalid(fields={"cursor": str(error)})
        if told is not None:
            return told()
    return None


def observe(observation: rpc.Observation) -> None:
    """One line for each call. What nobody foresaw comes with its traceback, without the values in it."""
    known = {
        "method": observation.method,
        "kind": str(observation.kind),
        "customer": observation.place,
        "request": observation.request_id,
        "milliseconds": round(observation.seconds * 1000, 1),
    }
    if observation.error is None:
        log.info("call", **known)
    elif observation.error == "internal":
        log.error("call.failed", **known, error=observation.error, exc_info=observation.exception)
    elif observation.error == NoRoomForFiles.code:
        # Nobody but the operator can mend it.
        log.error("call.refused", **known, error=observation.error)
        log.error("alert", check=ROOM, subject="stores", detail="There is no room: files and mails are refused.")
    else:
        log.info("call.refused", **known, error=observation.error)
        if _without_room(observation.exception):
            log.error("alert", check=ROOM, subject="PostgreSQL", detail="A disk has no room: what writes is refused.")


def _without_room(error: BaseException | None) -> bool:
    return isinstance(error, orm.Error) and error.sqlstate == orm.DISK_FULL
