"""What is wrong with a form, beside its fields, for a page that keeps what was typed by itself."""

from collections.abc import Mapping

import rpc
from seldesk.web.filled import Filled


def faults(error: rpc.Error) -> Mapping[str, str]:
    return Filled.refused(error).wrong
