"""Where a source may lead, and which credential may be sent there: what somebody in a browser may not decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from inventory.collector import Collector, CollectorError
from inventory.models import CredentialBinding
from posture.common.inside import HostRefused, Network, may_be_read_on_the_way, refuse_at_sight


def network_of(*, operator: bool) -> Network:
    """Return how hosts may be reached: an operator, who has the server's rights anyway, may name any."""
    return Network(
        anywhere=operator,
        internal=settings.INTERNAL_HOSTS,
        ca_file=settings.CA_FILE,
        ssh_config=settings.SSH_CONFIG,
    )


def refuse_places(collector: type[Collector], config: Mapping[str, Any], *, operator: bool) -> None:
    """Refuse addresses that are inside at sight, and those to which a credential would travel in clear.

    Where a name leads is judged when it is connected to (W12).

    Raises:
        CollectorError: with what to do.
    """
    network = network_of(operator=operator)
    for origin in sorted(collector.origins(config)):
        parts = urlsplit(origin)
        host = parts.hostname or ""
        try:
            refuse_at_sight(host, network)
        except HostRefused as refused:
            raise CollectorError(str(refused), permanent=True) from refused
        if parts.scheme == "http" and may_be_read_on_the_way(host, network):
            raise CollectorError(
                f"Over http:// the credential would travel to {host} in clear. Give the address with https://. If that "
                f"host has none, add {host} to POSTURE_INTERNAL_HOSTS on the server, or add the source there with "
                "`manage.py apply`.",
                permanent=True,
            )


def bind_credential(collector: type[Collector], config: Mapping[str, Any], credential: str, *, operator: bool) -> None:
    """Bind a credential to the origins that a source leads to; call it in the transaction that writes the source.

    The first use binds it; from then on only an operator may have it sent to another origin, or removing and
    editing sources would be a way to send it anywhere.

    Raises:
        CollectorError: it is bound to another origin.
    """
    origins = collector.origins(config)
    if not credential or not origins:
        return
    bound = set(CredentialBinding.objects.filter(reference=credential).values_list("origin", flat=True))
    new = origins - bound
    if bound and new and not operator:
        raise CollectorError(
            f"{credential} is for {', '.join(sorted(bound))} and is not sent to {', '.join(sorted(new))}. Name another "
            "credential, or have somebody with access to the server add the source with `manage.py apply`.",
            permanent=True,
        )
    for origin in sorted(new):
        CredentialBinding.objects.get_or_create(reference=credential, origin=origin)
