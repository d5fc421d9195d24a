"""Credentials that an OpenShift cluster issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="openshift",
    label="OpenShift",
    opens="Acts in the cluster as the user who signed in, with all rights of that user, until it expires.",
    revoke="`oc delete useroauthaccesstoken NAME` as the user, or `oc delete oauthaccesstoken NAME` as administrator.",
    rotate="Sign in again with `oc login`; for programs make a service account and hand it a bound token instead.",
    documentation="https://docs.openshift.com/container-platform/latest/authentication/managing-oauth-access-tokens.html",
    formats=(
        Format(
            slug="openshift-user-token",
            label="OpenShift user token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>sha256~[A-Za-z0-9_-]{43})(?:[^\w=-]|$)",
            examples=("oc login --token=sha256~<[A-Za-z0-9_-]{43}> --server=https://api.corp.net:6443",),
            counter_examples=("sha256~<[a-f0-9]{64}>", "sha256~<[A-Za-z0-9]{20}>"),
            public_prefix="sha256~",
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
