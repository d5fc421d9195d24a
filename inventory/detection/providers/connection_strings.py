"""Passwords inside addresses: URLs, database connection strings, JDBC and ODBC."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

_RANDOM = "<[A-Z]{2}><[0-9]{2}><[a-z]{2}><[A-Z]{2}><[0-9]{2}><[a-z]{2}>"
_SCHEMES = (
    r"(?:postgres(?:ql)?|postgis|mysql2?|mariadb|mongodb|redis|rediss|valkey|amqps?|mssql|sqlserver|oracle|clickhouse"
    r"|cockroachdb"
    r"|couchbases?|neo4j|bolt|cassandra|influxdb|nats|timescaledb|firebird|db2|vertica|snowflake|redshift|hive"
    r"|memcached?)"
)
_USER_AND_PASSWORD = r"[^\s:/@\"'`<>\\,;(){}|]{0,64}:(?P<value>[^\s/\"'`<>\\]{3,128})@[A-Za-z0-9.*_%\[-]"

PROVIDER = Provider(
    slug="connection-strings",
    label="Connection strings",
    opens="The server that the address names, with the rights of the account in it: usually a whole database or queue.",
    revoke="Change the account's password on that server (for PostgreSQL: ALTER ROLE … PASSWORD), or drop the account.",
    rotate="Make a second account with the same rights, switch the clients over, then drop the first one.",
    documentation="https://datatracker.ietf.org/doc/html/rfc3986#section-3.2.1",
    formats=(
        Format(
            slug="database-url",
            label="Database or queue address with a password",
            kind=CredentialKind.DATABASE_PASSWORD,
            pattern=rf"(?i)\b{_SCHEMES}(?:\+[a-z0-9_]{{1,24}})?://{_USER_AND_PASSWORD}",
            examples=(
                f"DATABASE_URL=postgres://app:{_RANDOM}@db.corp.net:5432/ledger",
                f'uri: "mongodb+srv://app:{_RANDOM}@cluster0.corp.net/main"',
                f"redis://:{_RANDOM}@cache.corp.net:6379/0",
            ),
            counter_examples=(
                "postgres://user:password@localhost/db",
                "postgres://${DB_USER}:${DB_PASSWORD}@db.corp.net/ledger",
                "mysql://{user}:{password}@{host}/db",
                "redis://localhost:6379/0",
            ),
        ),
        Format(
            slug="url-password",
            label="Address with a password",
            kind=CredentialKind.PASSWORD,
            guess=True,
            confidence=Confidence.MEDIUM,
            pattern=rf"(?i)\b(?:https?|s?ftps?|ssh|git|svn|ldaps?|smtps?|imaps?|wss?|mqtts?|rtsp|socks5h?|davs?"
            rf"|smb|webdav|oci|tcp)(?:\+[a-z0-9_]{{1,12}})?://{_USER_AND_PASSWORD}",
            examples=(
                f"git clone https://deploy:{_RANDOM}@git.corp.net/app.git",
                f"ftp://upload:{_RANDOM}@files.corp.net/in",
            ),
            counter_examples=(
                "https://user:password@example.com/",
                "http://proxyuser:proxypass@proxy.corp.net:3128",
                "https://$USER:$TOKEN@git.corp.net/app.git",
                "https://git.corp.net:8443/@scope/package",
            ),
        ),
        Format(
            slug="jdbc-password",
            label="Password in a JDBC address",
            kind=CredentialKind.DATABASE_PASSWORD,
            pattern=r"(?i)\bjdbc:[a-z0-9:]{2,40}(?://|@)[^\s\"'`<>]{1,200}[?;&](?:password"
            r"|pwd)=(?P<value>[^\s\"'`<>;&\\]{4,128})",
            examples=(
                f"jdbc:sqlserver://db.corp.net:1433;databaseName=ledger;user=app;password={_RANDOM};encrypt=true",
            ),
            counter_examples=("jdbc:mysql://db.corp.net/ledger?user=app&password=${DB_PASSWORD}",),
        ),
        Format(
            slug="jdbc-oracle-password",
            label="Password in an Oracle JDBC address",
            kind=CredentialKind.DATABASE_PASSWORD,
            pattern=r"(?i)\bjdbc:oracle:(?:thin|oci):[\w$#]{1,64}/(?P<value>[^\s\"'`<>@/]{4,128})@",
            examples=(f"jdbc:oracle:thin:app/{_RANDOM}@//db.corp.net:1521/ledger",),
            counter_examples=("jdbc:oracle:thin:@//db.corp.net:1521/ledger",),
        ),
        Format(
            slug="ado-password",
            label="Password in an ADO.NET or ODBC connection string",
            kind=CredentialKind.DATABASE_PASSWORD,
            confidence=Confidence.MEDIUM,
            pattern=r"(?i)(?:server|data source|host|uid|user id|username|user|database|initial catalog|dbq|dsn"
            r"|driver)[ ]{0,2}=[^\"'`\n;]{1,128};"
            r"[^\"'`\n]{0,256}(?:password|pwd)[ ]{0,2}=[ ]{0,2}(?P<value>[^\s\"'`;<>]{4,128})",
            examples=(
                f"Server=tcp:db.corp.net,1433;Initial Catalog=ledger;User ID=app;Password={_RANDOM};Encrypt=True;",
                f"Driver={{ODBC Driver 17}};Server=db.corp.net;Uid=app;Pwd={_RANDOM};",
            ),
            counter_examples=(
                "Server=db.corp.net;Database=ledger;User ID=app;Password={0};",
                "Server=db.corp.net;Database=ledger;Integrated Security=true;",
            ),
        ),
    ),
)
