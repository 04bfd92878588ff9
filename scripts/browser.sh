#!/usr/bin/env bash
# Chromium for the browser tests: Debian's, installed if it is not there.
set -euo pipefail
command -v chromium >/dev/null && exit 0
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core >/dev/null
