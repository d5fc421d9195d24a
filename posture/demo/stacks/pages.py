"""Web sites, an iOS application and documents."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from posture.demo.stacks.stack import Fix, Stack, Step, digest

INTEGRITY = "sha384-" + base64.b64encode(digest("app.js", algorithm="sha384")).decode()

INDEX = f"""<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>App Title | Halden</title>
  <link rel="stylesheet" href="/css/site.css">
  <script src="/js/app.js" integrity="{INTEGRITY}" defer></script>
</head>
<body>
  <main id="main"><h1>App Title</h1></main>
</body>
</html>
"""

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Thing | Halden</title></head>
<body>
  <main>
    <h1>Things for every day</h1>
    <p>Order by noon and we deliver tomorrow, from Bergen to Berlin.</p>
    <form action="/signup" method="post">
      <label>E-mail <input type="email" name="email" autocomplete="email"></label>
      <label>Password <input type="password" name="password" autocomplete="new-password"></label>
      <button>Sign up</button>
    </form>
  </main>
</body>
</html>
"""

SCRIPT = """export async function loadThings(region) {
  const response = await fetch(`/api/things?region=${encodeURIComponent(region)}`);
  if (!response.ok) {
    return [];
  }
  return response.json();
}
"""

STYLE = """.thing { display: grid; gap: 1rem; border: 1px solid #d6dae0; }
.thing h2 { font-size: 1.25rem; color: #1f4e79; }
"""


def _site(name: str, version: str, dependencies: Mapping[str, str]) -> dict[str, str]:
    package = {"name": name, "version": version, "private": True, "devDependencies": dict(dependencies)}
    lock = "# yarn lockfile v1\n\n" + "".join(
        f'{package}@^{number}:\n  version "{number}"\n'
        f"  integrity sha512-{base64.b64encode(digest(package, number, algorithm='sha512')).decode()}\n\n"
        for package, number in sorted(dependencies.items())
    )
    return {"package.json": json.dumps(package, indent=2) + "\n", "yarn.lock": lock}


SITE = Stack(
    start={
        "public/index.html": INDEX,
        "public/css/site.css": ":root { color-scheme: light dark; }\nbody { margin: 0; font: 16px/1.5 system-ui; }\n",
        "public/js/app.js": "document.documentElement.classList.add('js');\n",
        ".gitignore": "node_modules/\ndist/\n",
    },
    feature=(
        Step("Add the page about things", {"public/thing.html": PAGE}),
        Step("Load things by region", {"src/thing.js": SCRIPT}),
        Step("Style things", {"public/css/thing.css": STYLE}),
    ),
    fixes=(
        Fix("Reword the promise about things", "public/thing.html", "Order by noon", "Order before two"),
        Fix("Darken the headings of things", "public/css/thing.css", "#1f4e79", "#17395a"),
        Fix(
            "Cache things for a minute",
            "src/thing.js",
            "encodeURIComponent(region)}`)",
            "encodeURIComponent(region)}`, { cache: 'force-cache' })",
        ),
    ),
    dependencies={"vite": "5.0.6", "eslint": "8.55.0", "lightningcss": "1.22.1"},
    manifest=_site,
    test_command="yarn install --frozen-lockfile && yarn build",
)

SWIFT_MODEL = """import Foundation

struct Thing: Codable, Identifiable {
    let id: UUID
    let title: String
    let createdAt: Date
}
"""

SWIFT_VIEW = """import SwiftUI

struct ThingList: View {
    let things: [Thing]

    var body: some View {
        List(things) { thing in
            Text(thing.title)
        }
        .navigationTitle("Things")
    }
}
"""

KEYCHAIN = """import Security

enum Keychain {
    static func password(for account: String) -> String? {
        let query: [CFString: Any] = [kSecClass: kSecClassGenericPassword, kSecAttrAccount: account]
        var item: CFTypeRef?
        guard SecItemCopyMatching(query as CFDictionary, &item) == errSecSuccess else { return nil }
        return (item as? Data).flatMap { String(data: $0, encoding: .utf8) }
    }
}
"""


def _swift(name: str, version: str, dependencies: Mapping[str, str]) -> dict[str, str]:
    pins = [
        {
            "identity": package,
            "location": f"https://git.halden.example/mirrors/{package}.git",
            "state": {"revision": digest(package, number, algorithm="sha1").hex(), "version": number},
        }
        for package, number in sorted(dependencies.items())
    ]
    return {"Package.resolved": json.dumps({"pins": pins, "version": 2}, indent=2) + "\n", "VERSION": f"{version}\n"}


SWIFT = Stack(
    start={"Sources/Keychain.swift": KEYCHAIN, ".gitignore": "build/\nDerivedData/\n*.xcuserstate\n"},
    feature=(
        Step("Add the thing model", {"Sources/Thing/Thing.swift": SWIFT_MODEL}),
        Step("List things", {"Sources/Thing/ThingList.swift": SWIFT_VIEW}),
    ),
    fixes=(
        Fix("Name the list after the customer's things", "Sources/Thing/ThingList.swift", '"Things"', '"Your things"'),
        Fix("Allow a thing without a date", "Sources/Thing/Thing.swift", "createdAt: Date", "createdAt: Date?"),
    ),
    dependencies={"swift-collections": "1.0.5", "swift-algorithms": "1.1.0"},
    manifest=_swift,
    test_command="swift test",
)

GUIDE = """# Things

A thing is made when the customer confirms, and closed when it is settled.

## Call the API

    curl -H "Authorization: Bearer $API_TOKEN" https://api.halden.example/v1/things

Ask for a token on the developer page; it looks like `<your token>` and is shown once.
"""

ERRORS = """
## Errors

| Status | Meaning |
| --- | --- |
| 401 | the token is missing or has expired |
| 409 | the thing is already closed |
| 422 | a required field is missing |
"""


def _documents(name: str, version: str, dependencies: Mapping[str, str]) -> dict[str, str]:
    wanted = "".join(f"{package}=={number}\n" for package, number in sorted(dependencies.items()))
    return {
        "requirements.txt": wanted,
        "mkdocs.yml": f"site_name: {name}\ntheme: readthedocs\nextra: {{version: {version}}}\n",
    }


DOCUMENTS = Stack(
    start={"docs/index.md": "# App Title\n\nStart here.\n", ".gitignore": "site/\n"},
    feature=(
        Step("Explain things", {"docs/things.md": GUIDE}),
        Step("List the errors of things", {}, {"docs/things.md": ERRORS}),
    ),
    fixes=(Fix("Say when a thing is closed", "docs/things.md", "when it is settled", "one day after it is settled"),),
    dependencies={"mkdocs": "1.5.3", "pymdown-extensions": "10.5.0"},
    manifest=_documents,
    test_command="mkdocs build --strict",
)
