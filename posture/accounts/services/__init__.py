"""What can be done to people, teams and what lets them in: verbs, keyword-only, each atomic."""

from posture.accounts.services.people import (
    add_member,
    add_person,
    disable_person,
    enable_person,
    invite,
    remove_membership,
    rename_person,
    set_membership,
    set_role,
)
from posture.accounts.services.refusals import NotAllowed, Refused
from posture.accounts.services.sign_in import (
    TooManyAttempts,
    consume_sign_in_link,
    forget_expired,
    make_sign_in_link,
    open_sign_in_link,
    set_password,
    sign_in_with_password,
    sign_out_everywhere,
)
from posture.accounts.services.teams import create_team, move_team, rename_team, set_handles, update_team
from posture.accounts.services.tokens import create_api_token, revoke_api_token

__all__ = [
    "NotAllowed",
    "Refused",
    "TooManyAttempts",
    "add_member",
    "add_person",
    "consume_sign_in_link",
    "create_api_token",
    "create_team",
    "disable_person",
    "enable_person",
    "forget_expired",
    "invite",
    "make_sign_in_link",
    "move_team",
    "open_sign_in_link",
    "remove_membership",
    "rename_person",
    "rename_team",
    "revoke_api_token",
    "set_handles",
    "set_membership",
    "set_password",
    "set_role",
    "sign_in_with_password",
    "sign_out_everywhere",
    "update_team",
]
