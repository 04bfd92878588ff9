#!/usr/bin/env bash
# What the tests over PostgreSQL need: Debian's server. They start it themselves, in a temporary folder.
set -euo pipefail
if ! command -v initdb >/dev/null && ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo"
    # the package would make and start a server of its own; none is wanted here
    $as_root mkdir -p /etc/postgresql-common/createcluster.d
    echo "create_main_cluster = false" | $as_root tee /etc/postgresql-common/createcluster.d/childdev.conf >/dev/null
    $as_root apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qq -y --no-install-recommends postgresql >/dev/null ||
        echo "PostgreSQL could not be installed; the tests that need it will be listed as not run." >&2
fi
