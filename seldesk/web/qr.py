"""What a phone's camera takes in, as a picture within the page."""

import importlib
from functools import cache
from typing import Any

from markupsafe import Markup


@cache
def _library() -> Any:
    """segno, loaded by its first use: few enrol, and rarely."""
    return importlib.import_module("segno")


def qr(address: str) -> Markup:
    """Dark on light in both themes: not every camera reads it the other way round."""
    made = _library().make(address, error="m", micro=False)
    return Markup(made.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, lineclass=None))  # noqa: S704 - made by the library of black and white squares
