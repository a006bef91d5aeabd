"""DKIM signatures."""

from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from typing import Any

import dkim  # type: ignore[import-untyped]  # it ships no types

from seldesk.mail.encode import Unsendable

_SIGNED = (
    b"from",
    b"to",
    b"cc",
    b"subject",
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"reply-to",
    b"list-id",
    b"auto-submitted",
    b"mime-version",
    b"content-type",
)


class _Signer(dkim.DKIM):  # type: ignore[misc]  # it ships no types
    """Signs as of the mail's own date, so that a repeat has the same signature."""

    stamp = b""

    def gen_header(self, fields: list[tuple[bytes, bytes]], *rest: Any) -> Any:
        return super().gen_header([(n, self.stamp if n == b"t" else v) for n, v in fields], *rest)


@dataclass(frozen=True, slots=True)
class Dkim:
    """key: a private RSA key in PEM."""

    domain: str
    selector: str
    key: bytes = field(repr=False)

    def signature(self, whole: bytes) -> bytes:
        """The header that signs a mail of ours; Unsendable."""
        signer, date = _Signer(whole), BytesHeaderParser().parsebytes(whole)["Date"]
        signer.stamp = str(int(parsedate_to_datetime(date).timestamp())).encode()
        try:
            signed: bytes = signer.sign(
                self.selector.encode(),
                self.domain.encode(),
                self.key,
                canonicalize=(b"relaxed", b"relaxed"),
                include_headers=list(_SIGNED),
            )
        except dkim.DKIMException as error:
            raise Unsendable(f"The DKIM key of {self.domain} cannot sign; set a private RSA key in PEM.") from error
        return signed
