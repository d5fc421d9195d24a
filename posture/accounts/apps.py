"""The accounts slice: people, teams, roles, tokens and the one visibility rule."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "posture.accounts"
    label = "accounts"
