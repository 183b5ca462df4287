"""Python refuses every connection that leaves this machine, in the test run and in every Python that it starts.

An audit hook cannot be taken off again. Addresses of this machine (loopback, sockets in the file system) stay open: JupyterLab, clusters and browsers
are tested there.
"""

import ipaddress
import sys
from typing import Any

_CALLS = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.gethostbyaddr": 0}


class NetworkUsed(RuntimeError):
    """Something tried to leave the machine."""


def _here(address: Any) -> bool:
    if isinstance(address, tuple):
        address = address[0] if address else ""
    if not isinstance(address, str):
        return True  # a path as bytes, a number of the operating system: never a host
    if address in ("", "localhost") or address.startswith(("/", "\0")):
        return True
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook (:func:`sys.addaudithook`)."""
    if event in _CALLS and arguments[_CALLS[event]] is not None and not _here(arguments[_CALLS[event]]):
        raise NetworkUsed(f"{event} {arguments[_CALLS[event]]!r}: the toolkit works without a network")


sys.addaudithook(refuse_network)
