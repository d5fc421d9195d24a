"""Passwords that JetBrains IDEs keep in a project's folder."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="jetbrains",
    label="JetBrains IDE",
    opens="The server that the project is deployed to, with the rights of the account beside it.",
    revoke="Change the account's password on the server that stands beside it (`host`, `username`).",
    rotate="Set a new password on the server, keep it in the system's keychain, and put `.idea` on the ignore list.",
    documentation="https://www.jetbrains.com/help/idea/deployment-connection-tab.html",
    formats=(
        Format(
            slug="jetbrains-deployment-password",
            label="Deployment password of a JetBrains IDE",
            kind=CredentialKind.PASSWORD,
            # Each character is written as four digits, hidden with a number that everybody knows (0xDFAA).
            pattern=r"\bpassword=\"(?P<value>(?:df[89a-f][0-9a-f]){4,64})\"",
            examples=(
                '<fileTransfer host="ftp.corp" password="<[d]{1}>fcfdf9ddf98dfe1df<[cf]{1}>bdfe3" username="deploy">',
            ),
            counter_examples=('password="<[a-f0-9]{32}>"', 'password="dfaa"'),
        ),
    ),
)
