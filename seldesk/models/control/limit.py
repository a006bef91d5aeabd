from seldesk.models.limit import Counter


class Limit(Counter, table="limits", schema="control"):
    """What is counted at the public site."""
