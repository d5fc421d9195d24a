"""Credentials that Postmark issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="postmark",
    label="Postmark",
    opens="Sends mail from the server's senders; an account token manages all servers and domains.",
    revoke=(
        "account.postmarkapp.com > the server > API Tokens > generate a new one and delete the old; account tokens "
        "under Account > API Tokens."
    ),
    rotate="A server takes several tokens: generate one, deploy it, then delete the first.",
    documentation="https://postmarkapp.com/developer/api/overview",
    formats=(
        Format(
            slug="postmark-token",
            label="Postmark server or account token",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:(?:postmark[\w ./-]{0,30})|x-postmark-(?:server|account)-token)[\s\"':=>,(|]{1,8}"
                r"(?P<value>(?i:[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}))(?:[^\w-]|$)"
            ),
            examples=(
                "POSTMARK_API_TOKEN=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",
                ('"X-Postmark-Server-Token": "<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>"'),
            ),
            counter_examples=("POSTMARK_API_TOKEN=<[a-f0-9]{8}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
