"""Credentials that Kubernetes issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="kubernetes",
    label="Kubernetes",
    opens="A bootstrap token lets a machine join the cluster as a node.",
    revoke="`kubeadm token delete ID`, or delete the secret bootstrap-token-ID in kube-system.",
    rotate="`kubeadm token create --ttl 1h` makes a new one for each join; delete the old.",
    documentation="https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/",
    formats=(
        Format(
            slug="kubernetes-bootstrap-token",
            label="Kubernetes bootstrap token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=(
                r"(?i:(?:bootstrap|join|discovery)[\w .-]{0,40}?token|kubeadm[\w ./:-]{0,60}?--token)"
                r"[\s\"':=]{1,5}(?P<value>[a-z0-9]{6}\.[a-z0-9]{16})(?:[^\w.-]|$)"
            ),
            examples=("kubeadm join 10.0.0.1:6443 --token <[a-z0-9]{6}>.<[a-z0-9]{16}>",),
            counter_examples=("--token <[a-z0-9]{6}>.<[a-z0-9]{10}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
        Format(
            slug="kubernetes-bootstrap-token-secret",
            label="Kubernetes bootstrap token secret",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=(
                r"\btoken-id:\s{0,3}[\"']?[a-z0-9]{6}[\"']?\s{1,8}token-secret:\s{0,3}[\"']?"
                r"(?P<value>[a-z0-9]{16})(?:[^\w-]|$)"
            ),
            examples=("token-id: <[a-z0-9]{6}>\n  token-secret: <[a-z0-9]{16}>",),
            counter_examples=("token-id: <[a-z0-9]{6}>\n  token-secret: <[a-z0-9]{8}>",),
            min_entropy=2.5,
        ),
    ),
)
