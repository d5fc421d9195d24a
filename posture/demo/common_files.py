"""Files that every repository of the demo has, whatever it is written in."""

from __future__ import annotations

from posture.demo.history import Changes
from posture.demo.shelf import Plan
from posture.demo.stacks.stack import Stack, digest

NEWS = (
    "Faster start-up",
    "Clearer error when a setting is missing",
    "Fewer queries on the busiest page",
    "Retries when the database restarts",
    "Dependencies updated",
    "Logs carry the request id",
)


def readme(plan: Plan, stack: Stack) -> str:
    """Return a README as its team would write it."""
    name = plan.repository.name
    owner = plan.repository.team or "nobody yet; ask on #engineering"
    return (
        f"# {name}\n\n{plan.purpose}\n\n## Work on it\n\n    {stack.test_command}\n\n"
        "Secrets come from the vault; ask your lead for access and never write one into a file.\n\n"
        f"## Who\n\nOwned by {owner}.\n"
    )


def codeowners(plan: Plan) -> Changes:
    """Return the CODEOWNERS file, where somebody owns something."""
    if not plan.codeowners:
        return {}
    return {".github/CODEOWNERS": "# Later lines win.\n" + plan.codeowners.replace(";", "\n") + "\n"}


def _pin(action: str) -> str:
    return f"{action}@{digest(action, algorithm='sha1').hex()}"


def workflow(stack: Stack) -> Changes:
    """Return the workflow files; their secrets are references."""
    check = (
        "name: check\non:\n  push:\n    branches: [main]\n  pull_request:\n\npermissions:\n  contents: read\n\n"
        f"jobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: {_pin('actions/checkout')} # v4\n"
        f"      - run: {stack.test_command}\n        env:\n          API_TOKEN: ${{{{ secrets.API_TOKEN }}}}\n"
    )
    release = (
        "name: release\non:\n  push:\n    tags: ['v*']\n\njobs:\n  publish:\n    runs-on: ubuntu-latest\n"
        "    permissions:\n      id-token: write\n      contents: read\n    steps:\n"
        f"      - uses: {_pin('actions/checkout')} # v4\n      - run: ./scripts/publish\n        env:\n"
        "          REGISTRY_PASSWORD: ${{ secrets.REGISTRY_PASSWORD }}\n"
    )
    return {".github/workflows/check.yml": check, ".github/workflows/release.yml": release}


def deployment(name: str, stack: Stack) -> Changes:
    """Return a Dockerfile and a Kubernetes manifest for what runs as a container."""
    if stack.image is None:
        return {}
    dockerfile = (
        f"FROM {stack.image}@sha256:{digest(stack.image).hex()}\nWORKDIR /srv\nCOPY . .\n"
        'USER 10001\nENV LOG_LEVEL=info\nEXPOSE 8080\nCMD ["./start"]\n'
    )
    manifest = (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  replicas: 2\n"
        f"  selector:\n    matchLabels: {{app: {name}}}\n  template:\n    metadata:\n      labels: {{app: {name}}}\n"
        f"    spec:\n      serviceAccountName: {name}\n      containers:\n        - name: {name}\n"
        f"          image: registry.halden.example/{name}@sha256:{digest(name).hex()}\n          env:\n"
        "            - name: DATABASE_URL\n              valueFrom:\n"
        f"                secretKeyRef: {{name: {name}, key: database-url}}\n"
    )
    return {"Dockerfile": dockerfile, "deploy/kubernetes.yaml": manifest}


def large_files() -> Changes:
    """Return pointers to files that Git LFS keeps elsewhere."""
    pointers: Changes = {
        f"Assets/{name}.png": "version https://git-lfs.github.com/spec/v1\n"
        f"oid sha256:{digest(name).hex()}\nsize {len(name) * 40961}\n"
        for name in ("launch", "map", "welcome")
    }
    return {".gitattributes": "*.png filter=lfs diff=lfs merge=lfs -text\n", **pointers}
