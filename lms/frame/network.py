"""From which address of the network a request came."""

import ipaddress

from flask import request


def network_address() -> str:
    """Who is counted where nobody is signed in: an address; of IPv6 the network, of which a home has 2^64 addresses."""
    told = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return told
    if address.version == 4:
        return told
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
