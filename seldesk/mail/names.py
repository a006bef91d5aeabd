"""Names and types of files, from mails and from uploads: normalise first, then check."""

import re
import unicodedata

from seldesk.mail.characters import visible

LONGEST = 150
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?= *(?:\.|$))")
_FORBIDDEN = re.compile(r'[<>:"|?*\s]+')
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
# For parts that come without a name.
_NAMES = {
    "application/json": "file.json",
    "application/ms-tnef": "winmail.dat",
    "application/pdf": "file.pdf",
    "application/pgp-signature": "signature.asc",
    "application/pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s",
    "application/zip": "file.zip",
    "image/gif": "image.gif",
    "image/jpeg": "image.jpg",
    "image/jpg": "image.jpg",
    "image/png": "image.png",
    "image/svg+xml": "image.svg",
    "image/webp": "image.webp",
    "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "receipt.txt",
    "message/rfc822": "message.eml",
    "text/calendar": "invitation.ics",
    "text/csv": "text.csv",
    "text/html": "text.html",
    "text/rfc822-headers": "headers.txt",
    "text/rtf": "text.rtf",
    "text/vcard": "contact.vcf",
}


def safe_name(name: str, fallback: str = "file") -> str:
    # Taking one thing away can bring another forth (a hidden dot, a path), hence until nothing changes.
    for _ in range(10):
        previous, name = name, _step(name)
        if name == previous:
            return name or fallback
    return fallback


def _step(name: str) -> str:
    name = visible(unicodedata.normalize("NFKC", visible(name)))
    name = name.replace("\\", "/").rpartition("/")[2]
    name = _FORBIDDEN.sub(lambda run: " " if run[0].isspace() else "_", name)
    name = name.lstrip(". ").rstrip(". ")
    name = f"_{name}" if _RESERVED.match(name) else name
    if len(name) <= LONGEST:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 20:
        return name[:LONGEST]
    return stem[: LONGEST - len(extension) - 1] + dot + extension


def safe_type(text: str) -> str:
    kind = text.partition(";")[0].strip().lower()
    return kind if _TYPE.fullmatch(kind) else "application/octet-stream"


def name_for(kind: str) -> str:
    return _NAMES.get(kind, "text.txt" if kind.startswith("text/") else "file.bin")
