"""How each format is judged: which refinement it goes through, and its rank among the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from inventory.detection import address, assignment, config_files, encoded, keys
from inventory.detection.provider import Format, Provider
from inventory.detection.rule import Refine, Rule, refine_token

RANK_OF_PROVIDER = {"private-keys": 0, "generic": 3, "connection-strings": 2, "jwt": 2}
"""Ranks of those that see what others see more exactly; a provider's own format has rank 1."""

WIDE = frozenset(
    {"encoded-setting", "jwt-base64", "kubernetes-secret", "private-key", "private-key-base64", "putty-private-key"}
)
RANK_OF_FORMAT = {"password-hash": 2, "encoded-setting": 4}

REFINE: Mapping[str, Refine] = {
    "ado-password": address.refine_connection,
    "command-line-password": config_files.refine_option,
    "credential-call": assignment.refine_argument,
    "database-url": address.refine_url,
    "firefox-login": config_files.refine_given,
    "generic-element": assignment.refine_element,
    "generic-named-value": assignment.refine_named_value,
    "generic-password": assignment.refine_password,
    "generic-secret": assignment.refine_secret,
    "generic-weak-password": assignment.refine_weak_password,
    "http-authorization": config_files.refine_authorization,
    "jdbc-oracle-password": address.refine_connection,
    "jdbc-password": address.refine_connection,
    "jetbrains-deployment-password": config_files.refine_ide_password,
    "jwt": keys.refine_jwt,
    "jwt-base64": keys.refine_encoded_jwt,
    "kubernetes-secret": config_files.refine_manifest,
    "netrc-password": config_files.refine_given,
    "npm-registry-auth": config_files.refine_given,
    "password-hash": config_files.refine_hash,
    "pgpass-password": config_files.refine_given,
    "powershell-plain-text": assignment.refine_chosen,
    "private-key": keys.refine_private_key,
    "private-key-base64": keys.refine_encoded_key,
    "putty-private-key": keys.refine_putty_key,
    "registry-auth": config_files.refine_login,
    "terraform-variable": assignment.refine_named_value,
    "url-password": address.refine_url,
}
"""Refinement by format slug, where the common one is not enough."""


def as_rules(formats: Mapping[str, tuple[Provider, Format]]) -> list[Rule]:
    """Make every format ready for scanning."""
    rules = [
        Rule(provider, form, REFINE.get(slug, refine_token), _rank(provider.slug, slug), slug in WIDE)
        for slug, (provider, form) in formats.items()
    ]
    settings = [rule for rule in rules if rule.slug in ("generic-password", "generic-secret")]
    inside = encoded.refine_with(settings)
    return [replace(rule, refine=inside) if rule.slug == "encoded-setting" else rule for rule in rules]


def _rank(provider: str, slug: str) -> int:
    return RANK_OF_FORMAT.get(slug, RANK_OF_PROVIDER.get(provider, 1))
