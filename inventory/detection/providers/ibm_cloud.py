"""Credentials that IBM Cloud issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="ibm-cloud",
    label="IBM Cloud",
    opens=(
        "Exchanges for an access token that acts as the user or service ID on every IBM Cloud resource it has a "
        "policy for."
    ),
    revoke=(
        "IBM Cloud console > Manage > Access (IAM) > API keys > Lock or Delete, or `ibmcloud iam api-key-delete NAME`."
    ),
    rotate=(
        "Create a second API key for the same identity, deploy it, lock the old key to see who still uses it, then "
        "delete it."
    ),
    documentation="https://cloud.ibm.com/docs/account?topic=account-manapikey",
    formats=(
        Format(
            slug="ibm-cloud-api-key",
            label="IBM Cloud API key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=(
                r"(?i:(?:ibm|bluemix|softlayer|watson)[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw"
                r"(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[A-Za-z0-9_-]{43,44})(?:[^\w-]|$)"
            ),
            examples=("IBMCLOUD_API_KEY=<[A-Za-z0-9_-]{44}>",),
            counter_examples=("IBMCLOUD_API_KEY=<[A-Za-z0-9_-]{40}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
