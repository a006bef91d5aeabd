"""Where Seldesk is reached, as a browser and as mail."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Addresses:
    """port is None when it is the scheme's own."""

    base: str
    files_base: str
    secure: bool
    port: int | None = None
    # The operator's console; "" where there is none.
    ops_base: str = ""

    def _origin(self, host: str) -> str:
        return f"{'https' if self.secure else 'http'}://{host}" + (f":{self.port}" if self.port else "")

    def site(self) -> str:
        return self._origin(self.base)

    def console(self) -> str:
        return self._origin(self.ops_base)

    def customer(self, slug: str) -> str:
        return self._origin(f"{slug}.{self.base}")

    def files(self, slug: str) -> str:
        return self._origin(f"{slug}.{self.files_base}")

    def mail_domain(self, slug: str) -> str:
        return f"{slug}.{self.base}"
