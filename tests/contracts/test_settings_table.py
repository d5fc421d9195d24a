"""The README's table of variables is the code's own list."""

from __future__ import annotations

import re
from pathlib import Path

import posture.gunicorn
import posture.settings
from posture.common import env

ROOT = Path(__file__).resolve().parent.parent.parent
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$", re.MULTILINE)


def test_the_readme_lists_every_variable_with_its_default_and_meaning() -> None:
    assert posture.settings
    assert posture.gunicorn
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    written = {name: (default, meaning) for name, default, meaning in ROW.findall(readme)}
    read = {name: (shown(variable.default), variable.help) for name, variable in env.VARIABLES.items()}

    assert written == read, "The table should be:\n" + "\n".join(
        f"| `{name}` | {default} | {meaning} |" for name, (default, meaning) in sorted(read.items())
    )


def shown(default: str) -> str:
    """Return a default as the table shows it: code, and folders as a fresh checkout has them."""
    # The tests' own data folder and the place of the checkout are nobody else's.
    data = str(posture.settings.DATA_DIR)
    default = default.replace(f"{ROOT}/", "").replace(data, "data")
    return f"`{default}`" if default else ""
