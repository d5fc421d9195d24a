"""The accounts slice: people, teams, roles, tokens and the one visibility rule."""

from django.apps import AppConfig

from posture.accounts.links_in_logs import keep_links_out_of_logs


class AccountsConfig(AppConfig):
    """Django's view of the slice."""

    """Registers the slice, and keeps sign-in links out of the logs from the start."""

    name = "posture.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Put the filter on every logger that writes down addresses."""
        keep_links_out_of_logs()
