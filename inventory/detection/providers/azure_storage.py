"""Credentials that Azure Storage issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="azure-storage",
    label="Azure Storage",
    opens=(
        "Reads, writes and deletes everything in the storage account: blobs, files, queues and tables; a SAS "
        "reaches what it was signed for."
    ),
    revoke=(
        "Azure portal > Storage accounts > the account > Security + networking > Access keys > Rotate key, or `az "
        "storage account keys renew --key key1 -n ACCOUNT`; that also ends every SAS signed with the key."
    ),
    rotate=(
        "Move clients to key2, renew key1, move them back when convenient and renew key2; better, switch to "
        "Microsoft Entra ID and forbid shared keys."
    ),
    documentation="https://learn.microsoft.com/en-us/azure/storage/common/storage-account-keys-manage",
    formats=(
        Format(
            slug="azure-storage-account-key",
            label="Azure Storage account key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"(?i:(?:account|storage)[_ -]?key)[\s\"']{0,3}[=:]\s{0,3}[\"']?(?P<value>[A-Za-z0-9+/]{86}==)",
            examples=("AccountName=<[a-z0-9]{12}>;AccountKey=<[A-Za-z0-9+/]{86}>==;EndpointSuffix=core.windows.net",),
            counter_examples=("AccountKey=<[A-Za-z0-9+/]{60}>==", "AccountKey=<[x]{86}>=="),
            min_entropy=4.0,
            opens_organisation=True,
        ),
        Format(
            slug="azure-storage-sas",
            label="Azure Storage shared access signature",
            kind=CredentialKind.CLOUD_KEY,
            pattern=(
                r"[?&]sv=20[0-9]{2}-[0-9]{2}-[0-9]{2}&[A-Za-z0-9%&=:.,/+-]{10,300}?&?sig="
                r"(?P<value>[A-Za-z0-9%+/]{40,70}(?:%3[Dd]|=)?)(?:[^A-Za-z0-9%+/=]|$)"
            ),
            examples=(
                (
                    "https://<[a-z0-9]{10}>.blob.core.windows.net/c?sv=2023-11-03&ss=b&srt=co&sp=rwl&se=2030-01"
                    "-01T00:00:00Z&sig=<[A-Za-z0-9+/]{43}>%3D"
                ),
            ),
            counter_examples=("?sv=2023-11-03&ss=b&sp=r&sig=<[A-Za-z0-9+/]{10}>%3D",),
            min_entropy=3.5,
        ),
    ),
)
