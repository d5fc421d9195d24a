"""Credentials that VMware vSphere issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="vmware",
    label="VMware vSphere",
    opens="Signs in to vCenter or a host as the user: with an administrator, every virtual machine.",
    revoke=(
        "vSphere Client > Administration > Single Sign On > Users and groups > the user > Edit password, or disable "
        "the user."
    ),
    rotate="Make a second service account with the same role, deploy it, then disable the first.",
    documentation="https://techdocs.broadcom.com/us/en/vmware-cis/vsphere.html",
    formats=(
        Format(
            slug="vmware-password",
            label="vCenter password in a PowerCLI command",
            kind=CredentialKind.PASSWORD,
            pattern=(
                r"(?i:connect-viserver[^\r\n]{0,200}?\s-password\s{1,4})[\"']?"
                r"(?P<value>[^\s\"'$<>|]{6,64})(?:[\s\"'|]|$)"
            ),
            examples=("Connect-VIServer vc.example.com -User admin -Password <[A-Za-z0-9]{12}>",),
            counter_examples=("Connect-VIServer vc.example.com -User $u -Password $p",),
            confidence=Confidence.MEDIUM,
            min_entropy=2.3,
            opens_organisation=True,
        ),
    ),
)
