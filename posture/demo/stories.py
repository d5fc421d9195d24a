"""What went wrong at Halden: every fake secret of the demo, where it went in and whether it came out."""

from __future__ import annotations

from posture.demo.description import Where
from posture.demo.story import Slot, Story

TIP, REF, HISTORY = Where.TIP, Where.REF, Where.HISTORY

PAYMENTS = (
    Story(
        "payments-web",
        "app/config/prod.py",
        'DEBUG = False\nALLOWED_HOSTS = ["pay.halden.example"]\nCURRENCY = "EUR"\n\n'
        'STRIPE_API_KEY = "<key>"\nSTRIPE_TIMEOUT = 10\n',
        {"key": Slot("stripe-secret-key", "stripe-live")},
        appears=6,
        message="Configure production by file until the vault is reachable",
        where=TIP,
    ),
    Story(
        "payments-web",
        "tests/fixtures/hook.json",
        '{\n  "event": "charge.succeeded",\n  "stripe_signing_secret": "<secret>",\n  "amount": 1250\n}\n',
        {"secret": Slot("stripe-webhook-secret", "hook-signing")},
        appears=75,
        message="Record a webhook for the tests",
        where=TIP,
    ),
    Story(
        "payments-api",
        "config/production.yaml",
        "mail:\n  host: smtp.halden.example\n  port: 587\n  username: receipts\n  password: <password>\n"
        "limits:\n  refunds_per_day: 200\n",
        {"password": Slot("generic-password", "smtp-receipts", "${SMTP_PASSWORD}")},
        since=210,
        appears=160,
        message="Make receipts work again",
        where=TIP,
    ),
    Story(
        "payments-api",
        "docker-compose.yml",
        "services:\n  api:\n    build: .\n    ports: ['8080:8080']\n    environment:\n      DATABASE_URL: <url>\n",
        {"url": Slot("database-url", "payments-staging-db", "${DATABASE_URL}")},
        since=300,
        appears=250,
        removed=120,
        message="Point compose at the staging database",
        where=HISTORY,
    ),
    Story(
        "settlement-batch",
        "config/sftp-key.pem",
        "<key>\n",
        {"key": Slot("private-key", "bank-sftp-key")},
        appears=320,
        removed=60,
        message="Add the key for the bank's file server",
        removal="Take the bank's key from the vault",
        where=REF,
        author="Viktor Sand",
    ),
    Story(
        "ledger",
        "deploy/values-prod.yaml",
        "replicaCount: 3\ndatabase:\n  host: ledger-db.prod.halden.example\n  user: ledger_reader\n"
        "  password: <password>\n",
        {"password": Slot("generic-password", "ledger-reader", "${LEDGER_PASSWORD}")},
        since=230,
        appears=140,
        message="Deploy the ledger with values of its own",
        where=TIP,
    ),
    Story(
        "checkout-api",
        "payment/settings.json",
        '{\n  "provider": "halden-payments",\n  "settlementToken": "<token>",\n  "retries": 3\n}\n',
        {"token": Slot("generic-secret", "settlement-token")},
        appears=9,
        message="Talk to the payment service directly",
        where=TIP,
    ),
)

CHECKOUT = (
    Story(
        "storefront",
        ".npmrc",
        "@halden:registry=https://packages.halden.example/\n//packages.halden.example/:_authToken=<token>\n",
        {"token": Slot("npm-access-token", "storefront-npm", "${NPM_TOKEN}")},
        since=200,
        appears=40,
        removed=23,
        message="Fix the install in CI",
        removal="Use the CI variable for the package registry",
        where=HISTORY,
    ),
)

AWS = {
    "id": Slot("aws-access-key-id", "planner-aws-id"),
    "secret": Slot("aws-secret-access-key", "planner-aws-secret"),
}

LOGISTICS = (
    Story(
        "route-planner",
        "infra/terraform.tfvars",
        'region      = "eu-north-1"\nenvironment = "production"\n\naws_access_key_id     = "<id>"\n'
        'aws_secret_access_key = "<secret>"\nbucket                = "halden-routes"\n',
        AWS,
        appears=202,
        message="Keep the variables of production beside the code",
        where=TIP,
        author="Marek Zeman",
    ),
    Story(
        "route-planner-sdk",
        "examples/deploy.env",
        "# Run the examples against the real planner.\nPLANNER_URL=https://routes.halden.example\n"
        "AWS_ACCESS_KEY_ID=<id>\nAWS_SECRET_ACCESS_KEY=<secret>\nAWS_REGION=eu-north-1\n",
        AWS,
        appears=4,
        message="Make the examples run out of the box",
        where=TIP,
        author="Marek Zeman",
    ),
    Story(
        "parcel-tracker",
        "internal/geocode/client.go",
        'package geocode\n\nimport "net/http"\n\n// Client asks the map service for coordinates.\n'
        'type Client struct {\n\tHTTP *http.Client\n}\n\nconst mapsKey = "<key>"\n',
        {"key": Slot("google-cloud-api-key", "tracker-maps")},
        appears=95,
        message="Look up coordinates of an address",
        branch="feature/geocode",
        merged=92,
        where=TIP,
    ),
    Story(
        "parcel-tracker",
        "deploy/alerts.yaml",
        "receivers:\n  - name: logistics-oncall\n    slack_configs:\n      - channel: '#logistics-oncall'\n"
        "        api_url: <url>\n",
        {"url": Slot("slack-webhook", "logistics-hook", "${SLACK_WEBHOOK}")},
        since=50,
        appears=1,
        message="Send alerts to the right channel",
        where=TIP,
    ),
    Story(
        "depot-scanner",
        "app/src/main/assets/upload.properties",
        "upload.container=scans\nupload.connection=DefaultEndpointsProtocol=https;AccountName=haldenscans;"
        "AccountKey=<key>;EndpointSuffix=core.windows.net\n",
        {"key": Slot("azure-storage-account-key", "scanner-storage")},
        appears=130,
        removed=128,
        message="Upload scans straight from the device",
        removal="Upload through the API instead",
        branch="feature/upload",
        merged=126,
        where=HISTORY,
    ),
)

WAREHOUSE = (
    "source:\n  environment: {environment}\n  host: warehouse.{environment}.halden.example\n  port: 5432\n"
    "  user: loader\n  password: <password>\nbatch:\n  size: 5000\n"
)
BLANK = "${WAREHOUSE_PASSWORD}"

DATA = (
    Story(
        "warehouse-loader",
        "conf/loader-prod.yaml",
        WAREHOUSE.format(environment="prod"),
        {"password": Slot("generic-password", "warehouse-db", BLANK)},
        since=300,
        appears=211,
        message="Load from production tonight",
        where=TIP,
        author="Viktor Sand",
    ),
    Story(
        "warehouse-loader",
        "conf/loader-dev.yaml",
        WAREHOUSE.format(environment="dev"),
        {"password": Slot("generic-password", "warehouse-db", BLANK)},
        since=300,
        appears=190,
        message="Use the same account for development",
        where=TIP,
    ),
    Story(
        "warehouse-loader",
        "conf/ledger.ini",
        "[ledger]\nhost = ledger-db.prod.halden.example\nuser = ledger_reader\npassword = <password>\n"
        "sslmode = require\n",
        {"password": Slot("generic-password", "ledger-reader")},
        appears=88,
        message="Read balances from the ledger",
        where=TIP,
    ),
    Story(
        "warehouse-loader",
        ".env",
        "LOG_LEVEL=info\nDD_SITE=datadoghq.eu\nDD_API_KEY=<key>\n",
        {"key": Slot("datadog-api-key", "loader-datadog")},
        appears=270,
        removed=265,
        message="Send metrics of the nightly run",
        removal="Do not track .env",
        where=HISTORY,
    ),
    Story(
        "events-batch",
        "deploy/sa.json",
        '{\n  "type": "service_account",\n  "project_id": "halden-events",\n  "private_key": "<key>",\n'
        '  "client_email": "events-batch@halden-events.iam.gserviceaccount.com"\n}\n',
        {"key": Slot("service-account-key", "events-account")},
        appears=150,
        removed=43,
        message="Run the batch under its own account",
        removal="Use workload identity",
        where=HISTORY,
    ),
    Story(
        "retail-export",
        "app/settings.json",
        '{\n  "container": "exports",\n  "storage": "DefaultEndpointsProtocol=https;AccountName=haldenretail;'
        'AccountKey=<key>;EndpointSuffix=core.windows.net",\n  "days": 7\n}\n',
        {"key": Slot("azure-storage-account-key", "retail-storage")},
        appears=88,
        message="Write exports to the partners' container",
        where=TIP,
    ),
    Story(
        "metrics-models",
        "notebooks/forecast.ipynb",
        '{\n "cells": [\n  {\n   "cell_type": "code",\n   "execution_count": 3,\n   "metadata": {},\n'
        '   "outputs": [],\n'
        '   "source": [\n    "import httpx\\n",\n    "token = \\"<token>\\"\\n",\n'
        "    \"httpx.get('https://export.halden.example/v1/sales', headers={'Authorization': f'Bearer {token}'})\"\n"
        '   ]\n  }\n ],\n "metadata": {},\n "nbformat": 4,\n "nbformat_minor": 5\n}\n',
        {"token": Slot("jwt", "export-token")},
        appears=33,
        message="Try a forecast by region",
        where=TIP,
    ),
)

MOBILE = (
    Story(
        "mobile-android",
        "keys/upload.pem",
        "<key>\n",
        {"key": Slot("private-key", "android-upload-key")},
        appears=21,
        message="Sign on this machine for now",
        branch="spike/local-signing",
        where=REF,
    ),
    Story(
        "mobile-ci",
        "scripts/release.sh",
        '#!/bin/sh\nset -eu\n\nexport GITHUB_TOKEN="<token>"\ntag="v$1"\ngit tag "$tag"\ngit push origin "$tag"\n',
        {"token": Slot("github-pat", "mobile-release", "${RELEASE_TOKEN}")},
        since=140,
        appears=15,
        message="Unblock the release",
        where=TIP,
        author="Leo Fischer",
    ),
    Story(
        "sms-demo",
        "config/default.json",
        '{\n  "twilio": {\n    "apiKey": "<key>",\n    "from": "+4721000000"\n  }\n}\n',
        {"key": Slot("twilio-api-key-sid", "sms-twilio")},
        appears=110,
        removed=109,
        message="Send the first message",
        removal="Ask for the account on start",
        where=HISTORY,
    ),
)

OTHERS = (
    Story(
        "campaign-site",
        "tests/fixtures/mail.json",
        '{\n  "to": "reader@halden.example",\n  "sendgrid_api_key": "<key>",\n  "template": "spring"\n}\n',
        {"key": Slot("sendgrid-api-key", "campaign-mail")},
        appears=102,
        message="Test the newsletter against the real service",
        where=TIP,
    ),
    Story(
        "brand-site",
        "public/js/pay.js",
        "const stripe = window.Stripe('<key>');\n\nexport function pay(session) {\n"
        "  return stripe.redirectToCheckout({ sessionId: session });\n}\n",
        {"key": Slot("stripe-publishable-key", "brand-publishable")},
        appears=240,
        message="Sell gift cards on the site",
        where=TIP,
    ),
    Story(
        "identity-login",
        "tests/e2e/login.env",
        "BASE_URL=http://localhost:8080\nRECAPTCHA_PROJECT=halden-test\nGOOGLE_API_KEY=<key>\n",
        {"key": Slot("google-cloud-api-key", "login-captcha")},
        appears=64,
        message="Run the sign-in tests with the real captcha",
        where=TIP,
    ),
    Story(
        "legacy-mirror",
        "sync/config.ini",
        "[origin]\nurl = https://git.halden.example\ntoken = <token>\n\n[copy]\nevery = 6h\n",
        {"token": Slot("gitlab-pat", "mirror-gitlab")},
        appears=410,
        message="Configure the nightly copy",
        where=TIP,
        author="Viktor Sand",
    ),
    Story(
        "legacy-mirror",
        "sync/notify.sh",
        '#!/bin/sh\nSLACK_TOKEN="<token>"\ncurl -s -H "Authorization: Bearer $SLACK_TOKEN" \\\n'
        "  -d channel=mirrors -d text=done https://slack.com/api/chat.postMessage\n",
        {"token": Slot("slack-bot-token", "mirror-slack", "${MIRROR_SLACK_TOKEN}")},
        appears=380,
        removed=300,
        message="Say when the copy is done",
        where=HISTORY,
        author="Viktor Sand",
    ),
    Story(
        "shared-configs",
        "partners/acme.yaml",
        "partner: acme\nendpoint: https://partners.halden.example/acme\nbasic_auth:\n  username: halden\n"
        "  password: <password>\n",
        {"password": Slot("generic-password", "partner-acme")},
        appears=97,
        message="Add the settings of a partner",
        where=TIP,
    ),
    Story(
        "shared-configs",
        "region/main.tf",
        'provider "grafana" {\n  url  = "https://metrics.halden.example"\n  auth = "<token>"\n}\n',
        {"token": Slot("grafana-service-account-token", "shared-grafana")},
        appears=58,
        message="Provision the dashboards by region",
        where=TIP,
    ),
)

STORIES = (*PAYMENTS, *CHECKOUT, *LOGISTICS, *DATA, *MOBILE, *OTHERS)
