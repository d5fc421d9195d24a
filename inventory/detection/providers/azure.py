"""Credentials that Microsoft Azure and Entra ID issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="azure",
    label="Microsoft Azure and Entra ID",
    opens=(
        "Signs in as the app registration or service that it belongs to, with all roles and Graph permissions "
        "granted to it."
    ),
    revoke=(
        "Microsoft Entra admin center > App registrations > the app > Certificates & secrets > Delete, or `az ad "
        "app credential delete --id APP --key-id ID`; for a resource key, the resource > Keys > Regenerate."
    ),
    rotate=(
        "Add a second client secret (or use the secondary key), deploy it, then delete the first; better, use a "
        "managed identity or federated credential, which has no secret."
    ),
    documentation="https://learn.microsoft.com/en-us/entra/identity-platform/how-to-add-credentials",
    formats=(
        Format(
            slug="azure-client-secret",
            label="Microsoft Entra client secret",
            kind=CredentialKind.CLOUD_KEY,
            pattern=(
                r"(?:^|[^A-Za-z0-9~._-])(?P<value>[A-Za-z0-9~._-]{3}[78]Q~[A-Za-z0-9~._-]{31,34})(?:"
                r"[^A-Za-z0-9~._-]|$)"
            ),
            examples=("ARM_CLIENT_SECRET=<[A-Za-z0-9]{3}>8Q~<[A-Za-z0-9]{34}>",),
            counter_examples=("ARM_CLIENT_SECRET=<[A-Za-z0-9]{38}>",),
            min_entropy=3.5,
            opens_organisation=True,
        ),
        Format(
            slug="azure-service-bus-key",
            label="Azure Service Bus, Event Hubs or IoT Hub key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=(
                r"SharedAccessKey(?:Name=[\w.-]{1,60};SharedAccessKey)?="
                r"(?P<value>[A-Za-z0-9+/]{43}=)(?:[^A-Za-z0-9+/=]|$)"
            ),
            examples=(
                (
                    "Endpoint=sb://<[a-z0-9]{8}>.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessK"
                    "ey=<[A-Za-z0-9+/]{43}>="
                ),
            ),
            counter_examples=("SharedAccessKey=<[A-Za-z0-9+/]{30}>=",),
            min_entropy=3.0,
        ),
        Format(
            slug="azure-cosmos-key",
            label="Azure Cosmos DB account key",
            kind=CredentialKind.DATABASE_PASSWORD,
            pattern=(
                r"documents\.azure\.com(?::443)?/?;?[\s\"',]{0,6}(?i:(?:primary)?(?:auth)?(?:master)?key)"
                r"[\s\"':=]{1,5}(?P<value>[A-Za-z0-9+/]{86}==)"
            ),
            examples=('"https://<[a-z0-9]{8}>.documents.azure.com:443/", "masterKey": "<[A-Za-z0-9+/]{86}>=="',),
            counter_examples=("documents.azure.com:443/;key=<[A-Za-z0-9+/]{40}>==",),
            min_entropy=3.0,
        ),
        Format(
            slug="azure-app-configuration",
            label="Azure App Configuration connection string",
            kind=CredentialKind.CLOUD_KEY,
            pattern=(
                r"\bhttps://[a-z0-9-]{1,63}\.azconfig\.io;Id=[A-Za-z0-9+/:-]{4,40};Secret="
                r"(?P<value>[A-Za-z0-9+/]{30,90}={0,2})(?:[^A-Za-z0-9+/=]|$)"
            ),
            examples=(
                (
                    "Endpoint=https://<[a-z0-9]{8}>.azconfig.io;Id=<[A-Za-z0-9]{4}>-l0-s0:<[A-Za-z0-9+/]{20}>;S"
                    "ecret=<[A-Za-z0-9+/]{43}>="
                ),
            ),
            counter_examples=("Endpoint=https://<[a-z0-9]{8}>.azconfig.io;Id=xxxxxx;Secret=<[x]{43}>=",),
            min_entropy=3.0,
        ),
        Format(
            slug="azure-container-registry",
            label="Azure Container Registry password",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\b(?P<value>[A-Za-z0-9+/]{42}\+ACR[A-D][A-Za-z0-9]{6})(?:[^A-Za-z0-9+/=]|$)",
            examples=("docker login -p <[A-Za-z0-9]{42}>+ACRA<[A-Za-z0-9]{6}>",),
            counter_examples=("docker login -p <[A-Za-z0-9]{42}>+ACRA<[A-Za-z0-9]{2}>",),
            min_entropy=3.0,
        ),
        Format(
            slug="azure-identifiable-key",
            label="Azure resource key with a service signature",
            kind=CredentialKind.CLOUD_KEY,
            pattern=(
                r"(?:^|[^A-Za-z0-9+/])(?P<value>[A-Za-z0-9+/]{33}(?:AIoT|\+ASb|\+AEh|\+ARm)[A-P][A-Za-z0-9+/]{5}=)"
                r"(?:[^=]|$)"
            ),
            examples=("key: <[A-Za-z0-9]{33}>+ARmA<[A-Za-z0-9]{5}>=",),
            counter_examples=("key: <[A-Za-z0-9]{33}>+ARmA<[A-Za-z0-9]{2}>=",),
            min_entropy=3.0,
        ),
        Format(
            slug="azure-search-key",
            label="Azure AI Search admin key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\b(?P<value>[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5})\b",
            examples=("key: <[A-Za-z0-9]{42}>AzSeA<[A-Za-z0-9]{5}>",),
            counter_examples=("<[A-Za-z0-9]{40}>AzSeA<[A-Za-z0-9]{5}>",),
            min_entropy=3.0,
        ),
        Format(
            slug="azure-function-key",
            label="Azure Functions host key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\b(?P<value>[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_=-]{4,8})(?:[^\w=-]|$)",
            examples=("https://<[a-z0-9]{8}>.azurewebsites.net/api/f?code=<[A-Za-z0-9]{44}>AzFu<[A-Za-z0-9]{6}>==",),
            counter_examples=("code=<[A-Za-z0-9]{30}>AzFu<[A-Za-z0-9]{6}>==",),
            min_entropy=3.0,
        ),
        Format(
            slug="azure-cache-key",
            label="Azure Cache for Redis key",
            kind=CredentialKind.DATABASE_PASSWORD,
            pattern=r"\b(?P<value>[A-Za-z0-9]{42}AzCa[A-Za-z0-9]{5}=)(?:[^=]|$)",
            examples=("<[a-z0-9]{8}>.redis.cache.windows.net:6380,password=<[A-Za-z0-9]{42}>AzCa<[A-Za-z0-9]{5}>=",),
            counter_examples=("password=<[A-Za-z0-9]{20}>AzCa<[A-Za-z0-9]{5}>=",),
            min_entropy=3.0,
        ),
        Format(
            slug="azure-openai-key",
            label="Azure OpenAI key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=near("azure[_ .-]?(?:openai|ai|cognitive)", "[a-f0-9]{32}|[A-Za-z0-9]{84}"),
            examples=("AZURE_OPENAI_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("AZURE_OPENAI_API_KEY=<[a-f0-9]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
        Format(
            slug="azure-search-legacy-key",
            label="Azure AI Search key, older form",
            kind=CredentialKind.CLOUD_KEY,
            pattern=near("azure[_ .-]?(?:cognitive[_ .-]?)?search", "[A-Fa-f0-9]{32}|[A-Za-z0-9]{52}"),
            examples=("AZURE_SEARCH_KEY=<[A-F0-9]{32}>",),
            counter_examples=("AZURE_SEARCH_KEY=<[A-F0-9]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
