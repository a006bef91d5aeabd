"""What is wrong with a form, beside its fields."""

from collections.abc import Mapping

import rpc


def faults(error: rpc.Error) -> Mapping[str, str]:
    """A sentence for each field; under "" what belongs to none of them."""
    fields: Mapping[str, str] = getattr(error, "fields", {})
    return fields or {"": str(error)}
