"""The repositories of the demo: what each holds, how old it is, and who works on it."""

from __future__ import annotations

from dataclasses import dataclass

from posture.demo.description import Repository
from posture.demo.stacks import go_service, infrastructure, java_service, node_service, pages, python_service
from posture.demo.stacks.stack import Stack


@dataclass(frozen=True)
class Plan:
    """How one repository comes to be."""

    repository: Repository
    stack: Stack | None
    """None for a repository without any commit."""
    purpose: str
    nouns: tuple[str, ...]
    months: int
    codeowners: str = ""
    """Lines of its CODEOWNERS file, separated by `;`."""
    shallow: bool = False


def _plan(
    name: str,
    team: str | None,
    stack: Stack | None,
    months: int,
    purpose: str,
    nouns: str,
    *,
    owners: str | None = None,
    visibility: str = "organisation",
    note: str = "",
    shallow: bool = False,
) -> Plan:
    lines = owners if owners is not None else f"* @halden/{team}"
    return Plan(Repository(name, visibility, team, note), stack, purpose, tuple(nouns.split()), months, lines, shallow)


PYTHON, NODE, GO, JAVA = python_service.STACK, node_service.STACK, go_service.STACK, java_service.STACK
ANDROID, TERRAFORM, CHARTS = java_service.ANDROID, infrastructure.TERRAFORM, infrastructure.CHARTS
SITE, SWIFT, DOCUMENTS = pages.SITE, pages.SWIFT, pages.DOCUMENTS

SHELF = (
    _plan("payments-api", "payments", PYTHON, 14, "Takes, captures and refunds card payments.",
          "charge refund payout dispute receipt mandate", owners="* @halden/payments;/deploy/ @halden/platform"),
    _plan("payments-web", "payments", PYTHON, 11, "The payment pages that customers see.",
          "invoice card session coupon wallet"),
    _plan("payments-docs", "payments", DOCUMENTS, 8, "How partners use the payments API.", "charge refund webhook"),
    _plan("settlement-batch", "payments", JAVA, 13, "Matches the bank's nightly files with our payouts.",
          "booking statement payout fee correction"),
    _plan("ledger", "payments", GO, 12, "Double-entry books of all that moves.",
          "account entry balance transfer period"),
    _plan("checkout-api", "checkout", NODE, 12, "Turns a cart into an order.",
          "order address voucher delivery quote", owners="* @halden/checkout;/payment/ @halden/payments"),
    _plan("storefront", "checkout", NODE, 14, "The shop that customers browse.",
          "product review category banner basket"),
    _plan("cart-service", "checkout", GO, 9, "Keeps carts between visits.", "cart item reservation"),
    _plan("tax-rules", "checkout", JAVA, 10, "Tax rates by country and product class.", "rate country exemption",
          note="a shallow copy", shallow=True),
    _plan("route-planner", "logistics", PYTHON, 15, "Plans tomorrow's delivery routes.",
          "route stop vehicle driver depot", owners="* @halden/logistics;/infra/ @halden/logistics"),
    _plan("route-planner-sdk", "logistics", PYTHON, 7, "Client library of the route planner, for partners.",
          "route stop estimate", visibility="public"),
    _plan("parcel-tracker", "logistics", GO, 11, "Tells where a parcel is.", "parcel scan carrier label"),
    _plan("depot-scanner", "logistics", ANDROID, 8, "The scanner application in the depots.", "pallet scan shift"),
    _plan("warehouse-loader", "data", PYTHON, 14, "Loads the warehouse every night.",
          "table extract partition snapshot batch"),
    _plan("events-batch", "data", JAVA, 12, "Counts events by hour and day.", "event session funnel"),
    _plan("retail-export", "data", NODE, 10, "Exports sales to partners.", "export partner column"),
    _plan("metrics-models", "data", PYTHON, 9, "Definitions of the company's metrics.", "metric cohort forecast"),
    _plan("mobile-android", "mobile", ANDROID, 13, "The Android application.", "order offer profile message"),
    _plan("mobile-ios", "mobile", SWIFT, 13, "The iOS application.", "order offer profile message",
          note="with a submodule and Git LFS pointers"),
    _plan("mobile-ci", "mobile", CHARTS, 9, "How the applications are built and signed.", "builder signer uploader"),
    _plan("sms-demo", "mobile", NODE, 6, "A demonstration of text messages.", "message template"),
    _plan("campaign-site", "marketing-sites", SITE, 11, "Landing pages of campaigns.", "campaign gift newsletter"),
    _plan("store-locator", "marketing-sites", SITE, 9, "Finds the nearest pick-up point.", "store map filter"),
    _plan("brand-site", "marketing-sites", SITE, 12, "halden.example itself.", "story job office",
          visibility="public"),
    _plan("identity-proxy", "identity", GO, 12, "Checks sessions before requests reach services.",
          "session grant device", visibility="restricted"),
    _plan("identity-login", "identity", NODE, 11, "The sign-in pages.", "login factor consent",
          visibility="restricted"),
    _plan("identity-directory", "identity", PYTHON, 10, "Keeps people and groups in step.", "person group membership",
          visibility="restricted"),
    _plan("platform-terraform", "platform", TERRAFORM, 16, "All cloud accounts.",
          "archive inbox catalog ledger report"),
    _plan("platform-charts", "platform", CHARTS, 13, "What runs in the clusters.",
          "gateway ledger catalog search mailer"),
    _plan("ops-notify", "platform", PYTHON, 10, "Tells people on call.", "alert rotation silence"),
    _plan("incident-runbooks", "platform", None, 0, "Not begun yet.", "", owners="", note="empty"),
    _plan("legacy-mirror", None, PYTHON, 16, "Copies the old repositories every night.", "mirror remote",
          owners="", note="owned by nobody"),
    _plan("shared-configs", None, CHARTS, 9, "Settings that several teams share.", "partner feature region",
          owners="/apps/ @halden/platform;/checkout/ @halden/checkout", note="some paths owned by nobody"),
)  # fmt: skip
"""Every repository, in the order in which they are made."""
