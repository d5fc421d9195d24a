"""Credentials that Drone CI issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="drone-ci",
    label="Drone CI",
    opens="Reads builds and secrets' names and starts builds as the user that owns the token.",
    revoke=(
        "Drone > User settings > the token; an administrator rotates it with `drone user token-rotate` or by "
        "removing the user."
    ),
    rotate="There is one token for each user: use a machine user, rotate and deploy at once.",
    documentation="https://docs.drone.io/cli/configure/",
    formats=(
        Format(
            slug="drone-ci-token",
            label="Drone CI token",
            kind=CredentialKind.CI_TOKEN,
            pattern=near("drone", "[A-Za-z0-9]{32}", called="token|secret|key"),
            examples=("DRONE_TOKEN=<[A-Za-z0-9]{32}>",),
            counter_examples=("DRONE_TOKEN=<[A-Za-z0-9]{30}>", "DRONE_TOKEN=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
        ),
    ),
)
