"""Addresses of the inventory slice."""

from django.urls import path

from inventory.views import (
    assets,
    credentials,
    exposures,
    help,
    policies,
    principals,
    secrets,
    source_settings,
    source_upload,
    sources,
    unowned,
)

app_name = "inventory"
urlpatterns = [
    path("exposures/", exposures.exposures, name="exposures"),
    path("exposures/export.csv", exposures.export, name="exposures-export"),
    path("credentials/", credentials.credentials, name="credentials"),
    path("credentials/export.csv", credentials.export, name="credentials-export"),
    path("credentials/<slug:opaque>/", credentials.credential, name="credential"),
    path("secrets/", secrets.secrets, name="secrets"),
    path("secrets/export.csv", secrets.export, name="secrets-export"),
    path("secrets/<int:pk>/", secrets.secret, name="secret"),
    path("access/", principals.principals, name="principals"),
    path("access/export.csv", principals.export, name="principals-export"),
    path("access/<int:pk>/", principals.principal, name="principal"),
    path("secrets/<int:pk>/exempt/", policies.ask_for_secret, name="secret-exempt"),
    path("access/<int:pk>/exempt/", policies.ask_for_principal, name="principal-exempt"),
    path("policies/", policies.policies, name="policies"),
    path("policies/edit/", policies.edit, name="policy-edit"),
    path("exemptions/", policies.exemptions, name="exemptions"),
    path("exemptions/<int:pk>/approve/", policies.approve, name="exemption-approve"),
    path("exemptions/<int:pk>/end/", policies.end, name="exemption-end"),
    path("assets/", assets.assets, name="assets"),
    path("assets/<int:pk>/", assets.asset, name="asset"),
    path("sources/", sources.sources, name="sources"),
    path("sources/add/", sources.add, name="source-add"),
    path("sources/<int:pk>/", sources.source, name="source"),
    path("sources/<int:pk>/edit/", source_settings.edit, name="source-edit"),
    path("sources/<int:pk>/test/", source_settings.test, name="source-test"),
    path("sources/<int:pk>/upload/", source_upload.upload, name="source-upload"),
    path("sources/<int:pk>/remove/", source_settings.remove, name="source-remove"),
    path("sources/<int:pk>/collect/", sources.collect, name="source-collect"),
    path("runs/<int:pk>/", sources.run, name="run"),
    path("runs/<int:pk>/progress/", sources.run_progress_part, name="run-progress"),
    path("reads/<int:pk>/retry/", sources.retry, name="read-retry"),
    path("unowned/", unowned.unowned, name="unowned"),
    path("help/", help.help_page, name="help"),
]
