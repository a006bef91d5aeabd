"""What somebody is told who could not show who they are."""

WRONG_SIGN_IN = "The email address or the password is not right."
WRONG_PASSWORD = "This is not your password."  # noqa: S105 - words
NOT_RIGHT = "This code is not right, or was used before."
NOT_A_PASSKEY = "This passkey is not one of this account, or it answered too late. Try it again."


def refusal(wait: int, wrong: str) -> tuple[int, str, dict[str, str]]:
    """Status, words and headers when it was wrong, or when there were too many tries that were."""
    if not wait:
        return 422, wrong, {}
    minutes = -(-wait // 60)
    number, unit = (minutes, "minute") if minutes <= 60 else (-(-minutes // 60), "hour")
    words = f"Too many tries. Wait {number} {unit}{'s' if number > 1 else ''}, then try again."
    return 429, words, {"Retry-After": str(wait)}
