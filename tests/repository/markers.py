"""Programs that a hostile repository would like to have run: each only makes a file that is named like its trick."""

from __future__ import annotations

import stat
from pathlib import Path

from tests.repository.workbench import Repository

COMMANDS = {
    "fsmonitor": "core.fsmonitor",
    "pager": "core.pager",
    "editor": "core.editor",
    "ssh": "core.sshCommand",
    "askpass": "core.askPass",
    "gpg": "gpg.program",
    "external-diff": "diff.external",
    "textconv": "diff.trick.textconv",
    "diff-command": "diff.trick.command",
    "clean": "filter.trick.clean",
    "smudge": "filter.trick.smudge",
    "process": "filter.trick.process",
    "merge-driver": "merge.trick.driver",
    "credential": "credential.helper",
    "upload-pack": "remote.origin.uploadpack",
    "receive-pack": "remote.origin.receivepack",
    "vcs": "remote.origin.vcs",
    "pack-objects-hook": "uploadpack.packObjectsHook",
    "alternate-refs": "core.alternateRefsCommand",
    "alias": "alias.log",
    "hook-config": "hook.trick.command",
    "sequence-editor": "sequence.editor",
    "submodule-update": "submodule.other.update",
    "proxy": "core.gitProxy",
}
HOOKS = (
    "post-checkout",
    "pre-auto-gc",
    "reference-transaction",
    "post-index-change",
    "pre-receive",
    "update",
    "post-update",
)


class Markers:
    """A folder in which every trick that ran leaves its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "markers"
        self.folder.mkdir()
        self._scripts = folder / "scripts"
        self._scripts.mkdir()

    @property
    def made(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}

    def script(self, name: str) -> Path:
        path = self._scripts / name
        path.write_text(f"#!/bin/sh\ntouch '{self.folder}/{name}'\ncat >/dev/null 2>&1 </dev/null\nexit 1\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def arm(self, repository: Repository) -> None:
        """Set every configuration key and every hook that names a program."""
        for name, key in COMMANDS.items():
            prefix = "!" if key in ("credential.helper", "alias.log", "submodule.other.update") else ""
            repository.git("config", key, f"{prefix}{self.script(name)}")
        repository.git("config", "log.showSignature", "true")
        repository.git("config", "core.untrackedCache", "true")
        repository.git("config", "hook.trick.event", "reference-transaction")
        hooks = repository.git_dir / "hooks"
        hooks.mkdir(exist_ok=True)
        for hook in HOOKS:
            (hooks / hook).unlink(missing_ok=True)
            (hooks / hook).symlink_to(self.script(f"hook-{hook}"))
        info = repository.git_dir / "info"
        info.mkdir(exist_ok=True)
        (info / "attributes").write_text("* filter=trick diff=trick merge=trick\n")
