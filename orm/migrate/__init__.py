"""Alembic's revisions, rendered to SQL once and sent to many databases."""

from .apply import Outcome, Report, UnknownRevision, upgrade, upgrade_all
from .compare import compare, draft
from .render import Revision, Revisions, render

__all__ = [
    "Outcome",
    "Report",
    "Revision",
    "Revisions",
    "UnknownRevision",
    "compare",
    "draft",
    "render",
    "upgrade",
    "upgrade_all",
]
