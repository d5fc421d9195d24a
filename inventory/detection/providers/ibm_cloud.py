"""Credentials that IBM Cloud issues."""

from inventory.detection.context import near
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
            pattern=near("(?:ibm|bluemix|softlayer|watson)", "[A-Za-z0-9_-]{43,44}"),
            examples=("IBMCLOUD_API_KEY=<[A-Za-z0-9_-]{44}>",),
            counter_examples=("IBMCLOUD_API_KEY=<[A-Za-z0-9_-]{40}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
