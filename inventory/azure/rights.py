"""The least rights that reading vaults needs, as roles and commands that can be copied."""

from __future__ import annotations

import json

CONTROL: tuple[str, ...] = (
    "Microsoft.Authorization/roleAssignments/read",
    "Microsoft.Authorization/roleDefinitions/read",
    "Microsoft.KeyVault/vaults/read",
)
"""What finding vaults, and who has which role, needs."""
METADATA: tuple[str, ...] = (
    "Microsoft.KeyVault/vaults/certificates/read",
    "Microsoft.KeyVault/vaults/keyrotationpolicies/read",
    "Microsoft.KeyVault/vaults/keys/read",
    "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
)
"""None of these hands out a value."""
VALUES: tuple[str, ...] = ("Microsoft.KeyVault/vaults/secrets/getSecret/action",)
"""What fingerprints need on top: this hands values out."""


def role(name: str, actions: tuple[str, ...], data_actions: tuple[str, ...]) -> str:
    """Return a custom role."""
    definition = {
        "Name": name,
        "IsCustom": True,
        "Description": "For the collection of where secrets are and how old they are.",
        "Actions": list(actions),
        "DataActions": list(data_actions),
        "AssignableScopes": ["/subscriptions/SUBSCRIPTION"],
    }
    return json.dumps(definition, indent=2)


def least_rights() -> str:
    """Return the roles, each with what it is for."""
    given = "--assignee CLIENT --scope /subscriptions/SUBSCRIPTION"
    metadata, values = "Secrets Posture metadata", "Secrets Posture fingerprints"
    parts = (
        (
            "Metadata only: with this no value can be read. Store it as metadata.json, then:\n"
            "# az role definition create --role-definition metadata.json\n"
            f'# az role assignment create --role "{metadata}" {given}',
            role(metadata, CONTROL, METADATA),
        ),
        (
            "Only where fingerprints are switched on: values. Narrow the scope to what is to be compared.\n"
            "# az role definition create --role-definition fingerprints.json\n"
            f'# az role assignment create --role "{values}" {given}',
            role(values, (), VALUES),
        ),
        (
            "Besides, for each vault that goes by access policies (with fingerprints, add get to the secrets):",
            "az keyvault set-policy --name VAULT --spn CLIENT --secret-permissions list "
            "--key-permissions list getrotationpolicy --certificate-permissions list get",
        ),
    )
    return "\n\n".join(f"# {why}\n{text}" for why, text in parts) + "\n"


__all__ = ["CONTROL", "METADATA", "VALUES", "least_rights", "role"]
