#!/usr/bin/env bash
# 运维命令 `registry …` as the unit's user with the unit's settings. Goes to /usr/local/bin/registry.
set -euo pipefail

root=/opt/admission-registry
settings=/etc/admission-registry/registry.env

# The files of the registry stay its own: root would leave some that the unit cannot write.
if [ "$(id -un)" != registry ]; then
  exec runuser -u registry -- "$0" "$@"
fi

set -a
REGISTRY_MODE=production
REGISTRY_DATA_DIR=/var/lib/admission-registry
# shellcheck source=/dev/null
. "$settings"
set +a

# The program is found beside its environment, never in the folder somebody happens to stand in.
export PYTHONPATH=$root PYTHONSAFEPATH=1 PYTHONDONTWRITEBYTECODE=1
umask 027
exec "$root/.venv/bin/python" -m registry "$@"
