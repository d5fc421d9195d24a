"""Passwords and secrets of no particular issuer, told by the name they are given."""

import base64

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

_PASSWORD = r"(?:passw(?:or)?d|passphrase|passwort|pass|pwd|psw)"
_SECRET = r"(?:secret|token|credential|salt|auth[\"']|auth[_.-]?key|key)"
# The rest of the name, the brackets and quotes that close it, a type, what assigns, an opening quote.
_QUOTED = (
    r"(?:\\{0,3}[\"'`])?\]?[?!]?(?:[ \t]{0,4}:[ \t]{0,4}(?:str|String|string|&str|&'static str)\??)?"
    r"[ \t]{0,32}(?:=>|:=|={1,3}|!==?|:|\?\?|\?:|,|\(|\|\|)?[ \t]{0,32}[A-Za-z@$]{0,2}\\{0,3}[\"'`](?:\\?[\"'])?"
)
_BARE = r"\\{0,3}[\"']?[ \t]{0,32}(?:=>|:=|=|:)[ \t]{0,32}"
# Hardly any secret that a machine made is without a digit, and no password that counts without a digit or a sign:
# stopping at the first one makes most names and sentences no candidates at all.
_TO_SIGN = r"[^\s\"'`0-9!@#$%^&*+=?~]{0,32}[0-9!@#$%^&*+=?~]"
_TO_DIGIT = r"(?:[^\s\"'`0-9][^\"'`0-9\n]{0,31})?[0-9]"
_TO_DIGIT_BARE = r"[^\s\"'`0-9<>{}()\[\].,;:&|$\\]{0,32}[0-9]"
_PASSWORD_SETTING = rf"[\w.-]{{0,32}}(?:{_QUOTED}|{_BARE})(?P<value>{_TO_SIGN})"
_SECRET_SETTING = rf"[\w.-]{{0,32}}(?:{_QUOTED}(?P<value>{_TO_DIGIT})|{_BARE}{_TO_DIGIT_BARE})"
_RANDOM = "<[A-Z]{2}><[0-9]{2}><[a-z]{2}><[A-Z]{2}><[0-9]{2}><[a-z]{2}><[0-9]{2}><[A-Z]{2}><[a-z]{2}><[0-9]{2}>"


def _inside_base64(word: str) -> tuple[str, ...]:
    """Return what a word looks like inside base64, which depends on where it falls among groups of three bytes."""
    found = []
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + word.encode()).decode()
        # The characters at the edges also depend on the neighbours of the word.
        first, last = (0, 2, 3)[offset], (len(word) + offset) * 8 // 6
        found.append(encoded[first:last].replace("+", r"\+"))
    return tuple(found)


_WORDS = (
    "password",
    "secret",
    "token",
    "PASSWORD",
    "SECRET",
    "TOKEN",
    "Password",
    "Secret",
    "Token",
    "api_key",
    "API_KEY",
)
_ENCODED_WORDS = "|".join(fragment for word in _WORDS for fragment in _inside_base64(word))

PROVIDER = Provider(
    slug="generic",
    label="Generic secret",
    opens="Whatever asks for it: the name it is given and the lines around it say what that is.",
    revoke="Find the system that accepts it by the name and the lines around it, and change or delete it there.",
    rotate="Put a new value into a secret store, let the program read it from there, then make the old value invalid.",
    documentation="https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
    formats=(
        Format(
            slug="generic-secret",
            label="Secret, token or key in a setting",
            kind=CredentialKind.GENERIC_SECRET,
            guess=True,
            confidence=Confidence.MEDIUM,
            pattern=rf"(?i){_SECRET}{_SECRET_SETTING}",
            examples=(
                f"client_secret = '{_RANDOM}'",
                f"SERVICE_API_TOKEN={_RANDOM}\n",
                f'  "accessKey": "{_RANDOM}",',
                f"signing-key: {_RANDOM} # comment\n",
                f'Environment.setProperty("app.secret", "{_RANDOM}");',
                "export ENCRYPTION_KEY=<[a-f0-9]{8}>b7c1<[a-f0-9]{20}>",
                f'buildConfigField "String", "API_KEY", "\\"{_RANDOM}\\""',
                f"buildConfigField 'String', 'API_KEY', '\"{_RANDOM}\"'",
            ),
            counter_examples=(
                "client_secret = 'your-client-secret-here'",
                "SERVICE_API_TOKEN=${SERVICE_API_TOKEN}",
                "token = request.headers['X-Token']",
                'secretName: "payments-database-credentials"',
                f'public_key = "{_RANDOM}"',
                f'token_url: "https://sso.corp.net/{_RANDOM}"',
                "secret: ENC[AES256_GCM,data:<[A-Za-z0-9]{20}>]",
                "primary_key = '<[a-f0-9]{32}>'",
            ),
        ),
        Format(
            slug="generic-password",
            label="Password in a setting",
            kind=CredentialKind.PASSWORD,
            guess=True,
            confidence=Confidence.MEDIUM,
            pattern=rf"(?i){_PASSWORD}{_PASSWORD_SETTING}",
            examples=(
                f'db_password = "{_RANDOM}"',
                f"MYSQL_ROOT_PASSWORD={_RANDOM}\n",
                f"define('DB_PASSWORD', '{_RANDOM}');",
                f'credentials {{ password "{_RANDOM}" }}',
                f'<server user="deploy" password="{_RANDOM}"/>',
            ),
            counter_examples=(
                "password = os.environ['DB_PASSWORD']",
                'password: "<your password>"',
                "PASSWORD=changeme",
                'label_password = "Enter the password you were sent"',
                f'password_file = "{_RANDOM}.txt"',
                "password: process.env.DB_PASSWORD",
                "def login(user, password: str = None):",
            ),
        ),
        Format(
            slug="generic-weak-password",
            label="Simple password in a setting",
            kind=CredentialKind.PASSWORD,
            guess=True,
            confidence=Confidence.LOW,
            pattern=rf"(?i){_PASSWORD}{_PASSWORD_SETTING}",
            examples=(
                'smtp_password: "autumn<[2-9]{2}>"',
                "REDIS_PASSWORD=harvest<[2-9]{3}>\n",
            ),
            counter_examples=(
                'test_password = "autumn<[2-9]{2}>"',
                "password = password1",
                'password: "Passwort"',
            ),
        ),
        Format(
            slug="generic-element",
            label="Secret in an XML element or beside its name",
            kind=CredentialKind.PASSWORD,
            guess=True,
            confidence=Confidence.MEDIUM,
            pattern=rf"(?i)(?:{_PASSWORD}|{_SECRET})[\w.-]{{0,32}}[\"']?[^<>\n]{{0,64}}>(?:<!\[CDATA\[)?(?P<value>[^<>]{{4,256}})>?</",
            examples=(
                f"<password>{_RANDOM}</password>",
                f"<SecretAccessKey>{_RANDOM}</SecretAccessKey>",
                f'<string name="api_key">{_RANDOM}</string>',
            ),
            counter_examples=(
                "<password>${env.PASSWORD}</password>",
                "<password>Password</password>",
                f"<tokenUrl>https://sso.corp.net/{_RANDOM}</tokenUrl>",
            ),
        ),
        Format(
            slug="generic-named-value",
            label="Secret beside the name it is given",
            kind=CredentialKind.GENERIC_SECRET,
            guess=True,
            confidence=Confidence.MEDIUM,
            pattern=rf"(?i)(?:{_PASSWORD}"
            rf"|{_SECRET})[\w.-]{{0,32}}\\{{0,3}}[\"']?[\s,]{{1,32}}\\{{0,3}}[\"']?value\\{{0,3}}[\"']?[ "
            rf"\t]{{0,8}}[=:][ \t]{{0,8}}"
            r"\\{0,3}[\"']?(?P<value>[^\s\"'<>]{4,256})",
            examples=(
                f'<add key="ApiKey" value="{_RANDOM}"/>',
                f'- name: SESSION_SECRET\n  value: "{_RANDOM}"',
                f'{{"name": "DB_PASSWORD", "value": "{_RANDOM}"}}',
            ),
            counter_examples=('- name: SESSION_SECRET\n  value: "$(SESSION_SECRET)"',),
        ),
        Format(
            slug="http-authorization",
            label="Credential in an HTTP Authorization header",
            kind=CredentialKind.GENERIC_SECRET,
            guess=True,
            confidence=Confidence.MEDIUM,
            pattern=r"(?i)authorization\\{0,3}[\"']?[ \t]{0,4}(?:(?:=>|[:=,])[ \t]{0,4}[A-Za-z]?\\{0,3}[\"']"
            r"|:[ \t]{0,4})"
            r"(?:(?:basic|bearer|token|apikey|bot)[ \t]{1,4})?(?P<value>[A-Za-z0-9+/=_.~-]{12,1024})",
            examples=(
                f"curl -H 'Authorization: Bearer {_RANDOM}' https://api.corp.net",
                f'headers = {{"Authorization": "Token {_RANDOM}"}}',
                f"Authorization: {_RANDOM}",
                "Authorization: Basic YWRtaW46<[A-Z]{1}><[0-9]{1}>d<[g-z]{1}>Ng<[a-z]{2}>c<[A-Z]{1}>R4Tm<[0-9]{1}>z",
            ),
            counter_examples=(
                "Authorization: Bearer ${TOKEN}",
                "Authorization: Bearer your-access-token-here",
                "'Authorization': 'Basic ' + encoded",
            ),
        ),
        Format(
            slug="command-line-password",
            label="Password given on a command line",
            kind=CredentialKind.PASSWORD,
            guess=True,
            confidence=Confidence.MEDIUM,
            pattern=r"(?:(?:^|[\s\"'\[])--?(?:[\w-]{0,24}(?:password|passwd|pass|passphrase|secret|token"
            r"|api-?key|secret-?key|secret-id))"
            r"(?:=|[ \t]{1,4})[\"']?|(?:[\s\"']-u[ \t]{0,4}|[\s\"'](?:--user|--userpwd|--proxy-user)[ "
            r"\t=]{1,4})[\"']?[\w.@%+-]{1,64}:)(?P<value>[^\s\"'`<>|;,)]{4,256})",
            examples=(
                f"mysqladmin --password {_RANDOM} status",
                f"curl -u deploy:{_RANDOM} https://repo.corp.net/",
                f"vault login --token={_RANDOM}",
            ),
            counter_examples=(
                "mysqladmin --password $PASSWORD status",
                'curl -u "$USER:$PASSWORD" https://repo.corp.net/',
                "docker run --user 1000:1000 image",
            ),
        ),
        Format(
            slug="terraform-variable",
            label="Default value of a Terraform variable",
            kind=CredentialKind.GENERIC_SECRET,
            guess=True,
            confidence=Confidence.MEDIUM,
            pattern=rf"(?i)(?:{_PASSWORD}|{_SECRET})[\w-]{{0,32}}\"\s{{0,4}}\{{[^{{}}]{{0,400}}?\bdefault\s{{0,8}}="
            r"\s{0,8}\"(?P<value>[^\"\n]{6,256})\"",
            examples=(
                f'variable "db_password" {{\n  type    = string\n  default = "{_RANDOM}"\n}}\n',
                f'variable "corp_api_token" {{\n  default = "{_RANDOM}"\n}}\n',
            ),
            counter_examples=(
                'variable "db_password" {\n  type      = string\n  sensitive = true\n}\n',
                'variable "db_password" {\n  default = "changeme"\n}\n',
                'variable "token_url" {\n  default = "https://sso.corp.net/oauth2/token"\n}\n',
            ),
        ),
        Format(
            slug="powershell-plain-text",
            label="Password made a secure string in PowerShell",
            kind=CredentialKind.PASSWORD,
            guess=True,
            confidence=Confidence.MEDIUM,
            pattern=r"(?i)convertto-securestring[ \t]{1,8}(?:-(?:string|asplaintext|force)[ \t]{1,8}){0,3}"
            r"[\"'](?P<value>[^\"'\n]{4,256})[\"']",
            examples=(
                f'$secure = ConvertTo-SecureString "{_RANDOM}" -AsPlainText -Force',
                f"ConvertTo-SecureString -String '{_RANDOM}' -AsPlainText -Force",
                f"ConvertTo-SecureString -AsPlainText -Force '{_RANDOM}'",
            ),
            counter_examples=(
                'ConvertTo-SecureString "$env:PASSWORD" -AsPlainText -Force',
                'ConvertTo-SecureString "YourPassword" -AsPlainText -Force',
                "ConvertTo-SecureString $password -AsPlainText -Force",
            ),
        ),
        Format(
            slug="credential-call",
            label="User and password handed to a function",
            kind=CredentialKind.PASSWORD,
            guess=True,
            confidence=Confidence.MEDIUM,
            pattern=r"(?i)(?:credentials?|basic_?auth|\bauth|passwordauthentication|authenticationtoken|\.login"
            r"|authenticate|directoryentry)"
            r"[ ]{0,2}=?[ "
            r"]{0,2}[(\[]\s{0,16}\\{0,3}[\"'][^\"'\n\\]{1,128}\\{0,3}[\"']\s{0,4},\s{0,16}\\{0,3}[\"'](?P<value>[^\"'\n\\]{6,128})",
            examples=(
                f'client.Credentials = new NetworkCredential("deploy", "{_RANDOM}");',
                f"requests.get(url, auth=('deploy', '{_RANDOM}'))",
            ),
            counter_examples=(
                "requests.get(url, auth=('user', 'password'))",
                'new UsernamePasswordAuthenticationToken("user", "password")',
            ),
        ),
        Format(
            slug="registry-auth",
            label="Container registry login in a Docker configuration",
            kind=CredentialKind.PASSWORD,
            pattern=r"\\{0,3}\"auth\\{0,3}\"\s{0,4}:\s{0,4}\\{0,3}\"(?P<value>[A-Za-z0-9+/=_-]{12,4096})",
            examples=('{"auths": {"registry.corp.net": {"auth": "ZGVwbG95Om<[A-Za-z0-9]{24}>"}}}',),
            counter_examples=(
                '{"auths": {"registry.corp.net": {"auth": ""}}}',
                '{"auths": {"registry.corp.net": {"auth": "REPLACE_WITH_BASE64_OF_USER_AND_PASSWORD"}}}',
            ),
        ),
        Format(
            slug="npm-registry-auth",
            label="Package registry login in .npmrc",
            kind=CredentialKind.PASSWORD,
            pattern=r":_(?:authToken|password)[ \t]{0,4}=[ \t]{0,4}[\"']?(?P<value>[A-Za-z0-9+/_=.:~-]{8,512})",
            examples=(
                f"//npm.corp.net/:_authToken={_RANDOM}",
                "//npm.corp.net/:_password=YzN<[A-Za-z0-9]{17}>",
            ),
            counter_examples=("//npm.corp.net/:_authToken=${NPM_TOKEN}",),
        ),
        Format(
            slug="maven-encrypted-password",
            label="Encrypted password in Maven settings",
            kind=CredentialKind.PASSWORD,
            confidence=Confidence.LOW,
            # The master password that opens it lies in settings-security.xml, sealed with a key that everybody knows.
            pattern=r"<(?:master|password|passphrase)>\{(?P<value>[A-Za-z0-9+/]{40,200}={0,2})\}</",
            examples=("<master>{<[A-Za-z0-9]{43}>=}</master>",),
            counter_examples=("<master>{YOUR_MASTER_PASSWORD}</master>",),
        ),
        Format(
            slug="netrc-password",
            label="Password in .netrc",
            kind=CredentialKind.PASSWORD,
            pattern=r"\bmachine\s{1,8}[\w.:-]{1,128}\s{1,8}login\s{1,8}[^\s]{1,128}\s{1,8}password\s{1,8}(?P<value>[^\s]{4,256})",
            examples=(f"machine git.corp.net\n  login deploy\n  password {_RANDOM}\n",),
            counter_examples=("machine git.corp.net\n  login deploy\n  password ${PASSWORD}\n",),
        ),
        Format(
            slug="pgpass-password",
            label="Password in .pgpass",
            kind=CredentialKind.DATABASE_PASSWORD,
            confidence=Confidence.MEDIUM,
            pattern=r"(?:^|\n)(?:[\w.-]{1,128}|\*):(?:\d{4,5}"
            r"|\*):[\w*-]{1,64}:[\w@.*-]{1,64}:(?P<value>[^\s:]{6,128})",
            examples=(f"db.corp.net:5432:ledger:app:{_RANDOM}\n",),
            counter_examples=("db.corp.net:5432:ledger:app\n",),
        ),
        Format(
            slug="password-hash",
            label="Password hash",
            kind=CredentialKind.PASSWORD,
            guess=True,
            confidence=Confidence.LOW,
            pattern=r"\$(?:2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|(?:apr1|1)\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}"
            r"|5\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43}"
            r"|6\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}"
            r"|g?y\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}"
            r"|md5[,$][\w,=]{0,24}\$[./A-Za-z0-9]{1,16}\$\$?[./A-Za-z0-9]{22}"
            r"|[89]\$[./A-Za-z0-9]{14}\$[./A-Za-z0-9]{43}"
            r"|krb5(?:asrep|tgs)\$\d{2}\$[^\s\"']{1,128}\$[a-f0-9]{64,1024}"
            r"|argon2(?:id|i|d)\$v=\d{2}\$[mtp=,0-9]{8,32}\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{22,86})",
            examples=(
                "root:$6$<[A-Za-z0-9]{16}>$<[A-Za-z0-9]{86}>:17431:0:99999:7:::",
                "admin:$apr1$<[A-Za-z0-9]{8}>$<[A-Za-z0-9]{22}>",
                "'$2b$12$<[A-Za-z0-9]{53}>'",
                "username admin secret 9 $9$<[A-Za-z0-9]{14}>$<[A-Za-z0-9]{43}>",
                "$krb5asrep$23$deploy@CORP.NET:<[a-f0-9]{32}>$<[a-f0-9]{300}>",
                "$krb5tgs$23$*deploy$CORP.NET$http/web*$<[a-f0-9]{32}>$<[a-f0-9]{300}>",
            ),
            counter_examples=("$2b$12$<[A-Za-z0-9]{20}>",),
        ),
        Format(
            slug="firefox-login",
            label="Login saved by Firefox",
            kind=CredentialKind.PASSWORD,
            # The encrypted value starts with the fixed name of the profile's key, which lies beside it.
            pattern=r"\"encryptedPassword\"\s{0,4}:\s{0,4}\"(?P<value>M[A-Za-z0-9+/]{2,3}EEPgAAAAAAAAAAAAAAAAAAAEwFAYIKoZIhvcNAwcE[A-Za-z0-9+/=]{20,200})\"",
            examples=('"encryptedPassword": "MDoEEPgAAAAAAAAAAAAAAAAAAAEwFAYIKoZIhvcNAwcE<[A-Za-z0-9]{36}>"',),
            counter_examples=('"encryptedPassword": "<[A-Za-z0-9]{80}>"',),
        ),
        Format(
            slug="encoded-setting",
            label="Secret in a setting inside base64",
            kind=CredentialKind.GENERIC_SECRET,
            guess=True,
            confidence=Confidence.MEDIUM,
            pattern=rf"(?:{_ENCODED_WORDS})",
            # "db_password=", then groups of a letter, a digit and a capital.
            examples=("config: ZGJfcGFzc3dvcmQ9" + "<[abcd]{1}><[DTjz]{1}><[BFJNRVZdhl]{1}><[B-Z]{1}>" * 5,),
            counter_examples=("config: ZGJfcGFzc3dvcmQ9JHtEQl9QQVNTV09SRH0=", "icon: ZGJfcGFzc3dvcmQ<[A-Z]{40}>"),
        ),
        Format(
            slug="kubernetes-secret",
            label="Value in a Kubernetes Secret manifest",
            kind=CredentialKind.GENERIC_SECRET,
            confidence=Confidence.MEDIUM,
            pattern=r"(?i)\bkind[\"']?:[ \t]{1,4}[\"']?secret[\"']?[ \t]{0,4}(?:\r?\n|,|\})",
            examples=(
                f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\nstringData:\n  camo: {_RANDOM}\n",
                "apiVersion: v1\ndata:\n  camo: Q0<[0-9]{1}>Z<[A-Z]{1}>zg<[A-Z]{1}>a1Mxc<[0-9]{1}>Nx\nkind: "
                "Secret\nmetadata:\n  name: app\n",
            ),
            counter_examples=(
                "apiVersion: v1\nkind: Secret\nstringData:\n  password: ${PASSWORD}\n",
                "apiVersion: v1\nkind: Secret\ndata:\n  password: {{ .Values.password }}\n",
                f"apiVersion: v1\nkind: ConfigMap\ndata:\n  camo: {_RANDOM}\n",
            ),
        ),
    ),
)
