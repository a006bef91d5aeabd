from seldesk.models.limit import Counter


class Limit(Counter, table="limits", schema="secret"):
    """What is counted at one customer."""
