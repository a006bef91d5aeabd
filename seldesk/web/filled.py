"""A form as somebody filled it in: when it is not taken, its page comes again with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import rpc
from seldesk.web.form import Form
from seldesk.web.refusals import WRONG_PASSWORD, refusal


def faults(error: rpc.Error) -> Mapping[str, str]:
    """What is wrong with a form: a sentence for each field, under "" what belongs to none of them."""
    found: Mapping[str, str] = getattr(error, "fields", {})
    return found or {"": str(error)}


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed, and what is wrong with it."""

    form: Form | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] | None = None

    @classmethod
    def refused(cls, error: rpc.Error, form: Form | None = None) -> Self:
        return cls(form, faults(error), error.status)

    @classmethod
    def wrong_password(cls, wait: int, form: Form | None = None, name: str = "password") -> Self:
        """It was not one's own; or there were too many tries, and so many seconds are left to wait."""
        status, words, headers = refusal(wait, WRONG_PASSWORD)
        return cls(form, {name: words}, status, headers)

    def text(self, name: str, otherwise: str = "") -> str:
        """What stands in a field: as it was typed, or what a blank form has there."""
        return otherwise if self.form is None else self.form.text(name)

    def ticked(self, name: str, otherwise: Sequence[str] = ()) -> list[str]:
        """The same of boxes: those that are ticked."""
        if self.form is None:
            return [*otherwise]
        return [one for one in self.form.fields.get(name, ()) if isinstance(one, str)]

    @property
    def said(self) -> dict[str, Any]:
        """As a page takes it."""
        return {"wrong": self.wrong, "status": self.status, "headers": self.headers}


BLANK = Filled()
