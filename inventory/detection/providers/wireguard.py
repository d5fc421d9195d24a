"""Credentials that WireGuard issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="wireguard",
    label="WireGuard",
    opens="Joins the private network as the peer whose key it is.",
    revoke=(
        "Remove the peer's public key on every other peer (`wg set IF peer KEY remove`) or, for a server, make a "
        "new key and tell all peers."
    ),
    rotate=(
        "`wg genkey`, add the new public key beside the old peer entry on the other side, switch the interface "
        "over, then remove the old peer."
    ),
    documentation="https://www.wireguard.com/quickstart/",
    formats=(
        Format(
            slug="wireguard-private-key",
            label="WireGuard private key",
            kind=CredentialKind.PRIVATE_KEY,
            pattern=r"(?i:private_?key)\s{0,4}=\s{0,4}(?P<value>[A-Za-z0-9+/]{43}=)(?:[^A-Za-z0-9+/=]|$)",
            examples=("[Interface]\nPrivateKey = <[A-Za-z0-9+/]{43}>=",),
            counter_examples=("PrivateKey = <[A-Za-z0-9+/]{30}>=",),
            min_entropy=3.8,
        ),
        Format(
            slug="wireguard-preshared-key",
            label="WireGuard preshared key",
            kind=CredentialKind.PRIVATE_KEY,
            pattern=r"(?i:preshared_?key)\s{0,4}=\s{0,4}(?P<value>[A-Za-z0-9+/]{43}=)(?:[^A-Za-z0-9+/=]|$)",
            examples=("[Peer]\nPresharedKey = <[A-Za-z0-9+/]{43}>=",),
            counter_examples=("PresharedKey = <[A-Za-z0-9+/]{30}>=",),
            min_entropy=3.8,
        ),
    ),
)
