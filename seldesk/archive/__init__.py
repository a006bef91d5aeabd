from seldesk.archive.contents import LEFT_OUT, SCHEMAS
from seldesk.archive.manifest import FORMAT, Customer, Manifest, Part, Stored
from seldesk.archive.reading import Archive, BadArchive, opened
from seldesk.archive.zipped import Zipped

__all__ = [
    "FORMAT",
    "LEFT_OUT",
    "SCHEMAS",
    "Archive",
    "BadArchive",
    "Customer",
    "Manifest",
    "Part",
    "Stored",
    "Zipped",
    "opened",
]
