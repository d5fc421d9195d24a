"""Terraform, Kubernetes charts and plain configuration."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from posture.demo.stacks.stack import Fix, Stack, Step, digest

VERSIONS = """terraform {
  required_version = ">= 1.6"
  backend "s3" {
    bucket = "halden-terraform-state"
    key    = "app-name/terraform.tfstate"
    region = "eu-north-1"
  }
}

provider "aws" {
  region = var.region
}
"""

VARIABLES = """variable "region" {
  type    = string
  default = "eu-north-1"
}

variable "database_password" {
  type      = string
  sensitive = true
}
"""

MODULE = """resource "aws_s3_bucket" "thing" {
  bucket = "halden-thing-${var.environment}"
}

resource "aws_s3_bucket_public_access_block" "thing" {
  bucket                  = aws_s3_bucket.thing.id
  block_public_acls       = true
  block_public_policy     = true
  restrict_public_buckets = true
}
"""

QUEUE = """
resource "aws_sqs_queue" "thing" {
  name                       = "thing-${var.environment}"
  visibility_timeout_seconds = 60
  sqs_managed_sse_enabled    = true
}
"""

DATABASE = """data "vault_kv_secret_v2" "thing" {
  mount = "kv"
  name  = "thing/database"
}

resource "aws_db_instance" "thing" {
  identifier     = "thing-${var.environment}"
  engine         = "postgres"
  instance_class = "db.t4g.small"
  username       = "thing"
  password       = data.vault_kv_secret_v2.thing.data["password"]
}
"""


def _terraform(name: str, version: str, dependencies: Mapping[str, str]) -> dict[str, str]:
    lock = "".join(
        f'provider "registry.halden.example/{package}" {{\n  version = "{number}"\n  hashes = [\n'
        f'    "h1:{base64.b64encode(digest(package, number)).decode()}",\n'
        f'    "zh:{digest(package, number, "zip").hex()}",\n  ]\n}}\n\n'
        for package, number in sorted(dependencies.items())
    )
    return {".terraform.lock.hcl": lock, "VERSION": f"{version}\n"}


TERRAFORM = Stack(
    start={
        "versions.tf": VERSIONS,
        "variables.tf": VARIABLES,
        ".gitignore": ".terraform/\n*.tfstate*\n*.auto.tfvars\n",
    },
    feature=(
        Step(
            "Add a bucket for things",
            {
                "modules/thing/main.tf": MODULE,
                "modules/thing/variables.tf": 'variable "environment" {\n  type = string\n}\n',
            },
        ),
        Step("Queue things", {}, {"modules/thing/main.tf": QUEUE}),
        Step("Give things a database", {"modules/thing/database.tf": DATABASE}),
    ),
    fixes=(
        Fix(
            "Give things more time",
            "modules/thing/main.tf",
            "timeout_seconds = 60",
            "timeout_seconds = 180",
        ),
        Fix("Use a larger database for things", "modules/thing/database.tf", "t4g.small", "t4g.medium"),
    ),
    dependencies={"hashicorp/aws": "5.30.0", "hashicorp/vault": "3.23.0", "hashicorp/kubernetes": "2.24.0"},
    manifest=_terraform,
    test_command="terraform fmt -check -recursive && terraform validate",
)

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: thing
  labels: {app: thing}
spec:
  replicas: 2
  selector:
    matchLabels: {app: thing}
  template:
    metadata:
      labels: {app: thing}
    spec:
      containers:
        - name: thing
          image: registry.halden.example/thing:1.4.0
          env:
            - name: DATABASE_PASSWORD
              valueFrom:
                secretKeyRef: {name: thing-database, key: password}
          resources:
            limits: {cpu: 500m, memory: 256Mi}
"""

SERVICE = """apiVersion: v1
kind: Service
metadata:
  name: thing
spec:
  selector: {app: thing}
  ports:
    - {port: 80, targetPort: 8080}
"""

VAULT_REFERENCE = """apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata:
  name: thing-database
spec:
  secretStoreRef: {name: vault-prod, kind: ClusterSecretStore}
  target: {name: thing-database}
  data:
    - secretKey: password
      remoteRef: {key: kv/thing/database, property: password}
"""


def _chart(name: str, version: str, dependencies: Mapping[str, str]) -> dict[str, str]:
    needed = "".join(
        f"  - name: {package}\n    version: {number}\n    repository: https://charts.halden.example\n"
        for package, number in dependencies.items()
    )
    return {
        "Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: {version}\ndependencies:\n{needed}",
        "Chart.lock": f"dependencies:\n{needed}digest: sha256:{digest(needed).hex()}\n",
    }


CHARTS = Stack(
    start={
        "namespaces/production.yaml": "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: production\n",
        ".gitignore": "charts/*.tgz\n",
    },
    feature=(
        Step("Deploy thing", {"apps/thing/deployment.yaml": DEPLOYMENT}),
        Step("Give thing a service", {"apps/thing/service.yaml": SERVICE}),
        Step("Read the password of thing from the vault", {"apps/thing/external-secret.yaml": VAULT_REFERENCE}),
    ),
    fixes=(
        Fix("Run thing three times", "apps/thing/deployment.yaml", "replicas: 2", "replicas: 3"),
        Fix("Give thing more memory", "apps/thing/deployment.yaml", "memory: 256Mi", "memory: 512Mi"),
        Fix("Release thing 1.5", "apps/thing/deployment.yaml", "thing:1.4.0", "thing:1.5.2"),
    ),
    dependencies={"ingress-nginx": "4.8.3", "external-secrets": "0.9.9", "cert-manager": "1.13.2"},
    manifest=_chart,
    test_command="helm lint . && kubeconform -strict apps",
)
