"""How the customer looks: name, colour, logo. It is kept where all processes hold their customers in memory."""

from dataclasses import replace

import rpc
from seldesk.colours import is_colour
from seldesk.models.desk import letter
from seldesk.models.desk.mailbox import Mailbox
from seldesk.storage import picture
from seldesk.surroundings import Brand, surroundings

LARGEST_LOGO = 512_000
SMALLEST_SIDE, LONGEST_SIDE = 16, 2000
NOT_A_LOGO = "The logo must be a PNG, JPEG or WebP picture."


async def change(name: str, accent: str, logo: rpc.Upload | None, *, without_logo: bool) -> None:
    """A new logo is stored first: if the change fails, the sweep finds it. One that is replaced is swept as well."""
    around = surroundings()
    if not name.strip():
        raise rpc.Invalid(fields={"name": "A name has letters."})
    if accent and not is_colour(accent):
        raise rpc.Invalid(fields={"accent": "A colour is written as # and six digits from 0 to f."})
    brand = replace(around.customer.brand, accent=accent.lower())
    if without_logo:
        brand = replace(brand, logo=None, logo_type="")
    if logo is not None:
        kind = _checked(logo.content)
        stored = await around.storage.put(around.customer.id, logo.content)
        brand = replace(brand, logo=stored.object_id, logo_type=kind)
    await around.publish(replace(around.customer, name=name.strip(), brand=brand))


async def signature() -> str:
    """What mails are signed with that belong to no ticket."""
    return letter.signature(await Mailbox.first_one())


async def logo() -> tuple[str, bytes]:
    """Its type and content."""
    around = surroundings()
    brand: Brand = around.customer.brand
    if brand.logo is None:
        raise rpc.NotFound
    return brand.logo_type, await around.storage.get(around.customer.id, brand.logo)


def _checked(content: bytes) -> str:
    """The type, as the content itself says it."""
    if len(content) > LARGEST_LOGO:
        raise rpc.Invalid(fields={"logo": "The logo must have at most 512 kB."})
    found = picture.read(content)
    if found is None:
        raise rpc.Invalid(fields={"logo": NOT_A_LOGO})
    if not all(SMALLEST_SIDE <= side <= LONGEST_SIDE for side in (found.width, found.height)):
        sides = f"between {SMALLEST_SIDE} and {LONGEST_SIDE} pixels"
        raise rpc.Invalid(fields={"logo": f"Each side of the logo must have {sides}."})
    return found.type
