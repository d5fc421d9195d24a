"""Credentials that Tailscale issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="tailscale",
    label="Tailscale",
    opens="An auth key adds machines to the network, an API or OAuth key manages it: devices, policy and DNS.",
    revoke=(
        "login.tailscale.com > Settings > Keys > Revoke; machines that joined stay, so look at the Machines page too."
    ),
    rotate=(
        "Make a second key with the same tags, deploy it, then revoke the first; for automation use an OAuth client."
    ),
    documentation="https://tailscale.com/kb/1085/auth-keys",
    formats=(
        Format(
            slug="tailscale-key",
            label="Tailscale key",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\btskey-(?:(?:auth|api|client|scim|webhook)-)?[A-Za-z0-9]{6,24}(?:CNTRL)?-[A-Za-z0-9]{6,48}\b",
            examples=("TS_AUTHKEY=tskey-auth-<[A-Za-z0-9]{12}>CNTRL-<[A-Za-z0-9]{32}>",),
            counter_examples=("tskey-auth-<[A-Za-z0-9]{3}>",),
            public_prefix="tskey-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
