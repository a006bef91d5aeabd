"""The words of tickets, as programs write them."""

from typing import Annotated, Literal

from msgspec import Meta

Status = Literal["new", "open", "waiting", "solved", "closed"]
Priority = Literal["low", "normal", "high", "urgent"]
View = Literal["mine", "team", "unassigned", "open", "waiting", "solved", "all", "removed"]
Channel = Literal["mail", "desk", "portal", "api"]
Sort = Literal["updated", "created", "priority"]
Side = Literal["requester", "agent"]
Removed = Literal["spam", "deleted"]
Tag = Annotated[str, Meta(min_length=1, max_length=50, pattern=r"^[^\s,]+$(?!\n)")]
