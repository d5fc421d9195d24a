"""Private keys in the formats that programs write them in."""

from inventory.detection.provider import CredentialKind, Format, Provider

_DASHES = "-----"
# Four characters of base64 that stand for three letters, so that a body can be wrapped once more.
_WRAPPED = "<[RSTUVZabcd]{1}><[EFGHUVWXklmn0123]{1}><[FJNRVZdhlp]{1}><[B-Zh-z]{1}>" * 40
_BODY = "<[A-Za-z0-9]{64}>\n" * 4

PROVIDER = Provider(
    slug="private-keys",
    label="Private keys",
    opens="Whatever trusts the matching public key or certificate: servers by SSH, TLS identities, signatures, "
    "encrypted archives.",
    revoke="Remove the public key everywhere it is trusted (authorized_keys, deploy keys, service accounts); "
    "of a certificate, ask its authority to revoke it.",
    rotate="Make a new key pair, trust the new public key beside the old one, switch over, then remove the old one.",
    documentation="https://datatracker.ietf.org/doc/html/rfc7468",
    formats=(
        Format(
            slug="private-key",
            label="Private key (PEM, OpenSSH or PGP)",
            kind=CredentialKind.PRIVATE_KEY,
            pattern=r"-----BEGIN [A-Z0-9 ]{0,20}PRIVATE KEY(?: BLOCK)?-----",
            examples=(
                f"{_DASHES}BEGIN RSA PRIVATE KEY{_DASHES}\n{_BODY}{_DASHES}END RSA PRIVATE KEY{_DASHES}",
                f"{_DASHES}BEGIN PRIVATE "
                f"KEY{_DASHES}\\n<[A-Za-z0-9]{{64}}>\\n<[A-Za-z0-9]{{64}}>\\n{_DASHES}END PRIVATE KEY{_DASHES}",
                f"{_DASHES}BEGIN PGP PRIVATE KEY BLOCK{_DASHES}\nVersion: GnuPG "
                f"v2\n\n{_BODY}=ab12\n{_DASHES}END PGP PRIVATE KEY BLOCK{_DASHES}",
            ),
            counter_examples=(
                f"{_DASHES}BEGIN PUBLIC KEY{_DASHES}\n{_BODY}{_DASHES}END PUBLIC KEY{_DASHES}",
                f"{_DASHES}BEGIN PRIVATE KEY{_DASHES}\nREPLACE ME\n{_DASHES}END PRIVATE KEY{_DASHES}",
                f"if header == '{_DASHES}BEGIN RSA PRIVATE KEY{_DASHES}':",
            ),
        ),
        Format(
            slug="private-key-base64",
            label="Private key, base64-encoded once more",
            kind=CredentialKind.PRIVATE_KEY,
            # "-----BEGIN " in base64, and that in base64 again.
            pattern=r"\b(?:LS0tLS1CRUdJTi|TFMwdExTMUNSVWRKVGlC)[A-Za-z0-9+/]{40}",
            examples=(f"LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t{_WRAPPED}",),
            counter_examples=(f"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk{_WRAPPED}",),
        ),
        Format(
            slug="putty-private-key",
            label="PuTTY private key",
            kind=CredentialKind.PRIVATE_KEY,
            pattern=r"PuTTY-User-Key-File-[23]: [a-z0-9-]{3,40}",
            examples=(
                "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: k\nPublic-Lines: "
                "1\nAAAA\nPrivate-Lines: 2\n"
                "<[A-Za-z0-9]{64}>\n<[A-Za-z0-9]{64}>\nPrivate-MAC: 00\n",
            ),
            counter_examples=("PuTTY-User-Key-File-2: ssh-rsa is the first line of such a file",),
        ),
    ),
)
