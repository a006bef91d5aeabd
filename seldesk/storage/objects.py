"""The library of object stores. It takes 4 MB, so that whoever asks a store first loads it: pages seldom do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from obstore import open_writer_async
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from seldesk.storage.errors import Exists, Missing, StoreFull, StoreUnavailable

__all__ = ["MemoryStore", "open_writer_async", "opened", "translated"]

_HERE = ("127.0.0.1", "::1", "localhost")
# obstore has no error of its own for a full disk, nor a number: its words end with the system's.
_FULL = tuple(f"(os error {number})" for number in (errno.ENOSPC, errno.EDQUOT))


def opened(address: str | Path, credentials: str) -> ObjectStore:
    if isinstance(address, Path):
        return LocalStore(address)
    return _s3(address, credentials) if address.startswith("s3://") else from_url(address)


def _s3(address: str, credentials: str) -> ObjectStore:
    bucket = urlsplit(address)
    given: dict[str, Any] = dict(parse_qsl(bucket.query))
    if credentials:
        given["access_key_id"], _, given["secret_access_key"] = credentials.partition(":")
    # In the clear only to this machine.
    given["client_options"] = {"allow_http": urlsplit(given.get("endpoint", "")).hostname in _HERE}
    return from_url(urlunsplit(bucket._replace(query="")), **given)


@contextmanager
def translated(name: str) -> Iterator[None]:
    """name: the store's, for whoever can mend it"""
    try:
        yield
    except FileNotFoundError as error:
        raise Missing from error
    except AlreadyExistsError as error:
        raise Exists from error
    except (BaseError, OSError) as error:
        if any(words in str(error) for words in _FULL):
            raise StoreFull(f"The store {name} has no room left. Make some, and try again.") from error
        said = f"The store {name} does not answer. See that it is up and its credentials are right, and try again."
        raise StoreUnavailable(said) from error
