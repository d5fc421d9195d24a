"""Credentials that ThingsBoard issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="thingsboard",
    label="ThingsBoard",
    opens="Sends telemetry as the device, or provisions new devices of the profile.",
    revoke=(
        "ThingsBoard > Devices > the device > Manage credentials > replace; provisioning under Device profiles > "
        "the profile > Device provisioning."
    ),
    rotate=(
        "Give the device new credentials through its own shared attribute or by hand, then replace them on the server."
    ),
    documentation="https://thingsboard.io/docs/user-guide/device-credentials/",
    formats=(
        Format(
            slug="thingsboard-device-token",
            label="ThingsBoard device access token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bthingsboard\.cloud/api/v1/(?P<value>[A-Za-z0-9]{20})/",
            examples=("https://thingsboard.cloud/api/v1/<[a-z0-9]{20}>/telemetry",),
            counter_examples=("https://thingsboard.cloud/api/v1/<[a-z0-9]{10}>/telemetry",),
            min_entropy=2.8,
        ),
        Format(
            slug="thingsboard-provision-secret",
            label="ThingsBoard provisioning secret",
            kind=CredentialKind.API_KEY,
            pattern=r"provisionDeviceSecret[\"']?\s{0,3}:\s{0,3}[\"'](?P<value>[A-Za-z0-9]{20})[\"']",
            examples=('"provisionDeviceSecret": "<[a-z0-9]{20}>"',),
            counter_examples=('"provisionDeviceSecret": "<[a-z0-9]{10}>"',),
            min_entropy=2.8,
        ),
    ),
)
