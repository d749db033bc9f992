"""The hosts that ``WMS_ALLOWED_HOSTS`` exempts, as an app URL would have them after its ``//``."""

import re

_PORT = r"(:\d{1,5})?"
_ENTRY = re.compile(
    rf"\w([\w.-]*[\w.])?{_PORT}"  # a name or an IPv4 address
    rf"|\[[0-9a-f:.]*:[0-9a-f:.]*\]{_PORT}"
    r"|[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*"  # an IPv6 address as it is
)


def read(text: str) -> frozenset[str]:
    """The entries of a comma-separated list."""
    return frozenset(part.strip().lower() for part in text.split(",") if part.strip())


def checks(hosts: frozenset[str]) -> tuple[tuple[bool, str], ...]:
    """Whether each entry can ever match, with the sentence that says so where one can't."""
    strange = [host for host in sorted(hosts) if not _ENTRY.fullmatch(host)]
    sentence = (
        f"WMS_ALLOWED_HOSTS has {', '.join(strange)}, which no host is called. Give names or"
        " addresses such as wms.local, 10.0.0.5 or wms.local:8443, without https:// and *."
    )
    return ((not strange, sentence),)
