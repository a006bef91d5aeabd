"""Proxies that stand before Seldesk and may say for whom they ask. Nobody else may."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope


class Proxies:
    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = [ip_network(network) for network in networks]

    def address(self, scope: Scope) -> str:
        """The client's address: the last hop that is not one of ours."""
        peer = _peer(scope)
        if not self._trusts(peer):
            return peer
        for hop in reversed(",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")):
            found = _parsed(hop.strip())
            if found is None:
                break
            peer = str(found)
            if not self._trusts(peer):
                break
        return peer

    def secure(self, scope: Scope) -> bool:
        """Whether the client spoke HTTPS."""
        if self._trusts(_peer(scope)):
            forwarded = Headers(scope=scope).get("x-forwarded-proto")
            if forwarded is not None:
                return forwarded == "https"
        return bool(scope["scheme"] == "https")

    def _trusts(self, address: str) -> bool:
        found = _parsed(address)
        return found is not None and any(found in network for network in self._networks)


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None
