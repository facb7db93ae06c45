#!/usr/bin/env bash
# Proves the bundle: unpacks it, cuts the network, starts the registry, carries the demo cases.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
archive=$(ls -t "$here"/dist/admission-registry-*.tar.gz | head -n 1)
port=${BUNDLE_TEST_PORT:-8917}

inside() {
  cd "$1"
  # Loopback is down in a fresh network namespace; python3 raises it where `ip` is missing.
  ip link set lo up 2>/dev/null || python3 -c '
import fcntl, socket, struct
s = socket.socket()
fcntl.ioctl(s, 0x8914, struct.pack("16sh14x", b"lo", 1))' 2>/dev/null || true
  if [ "$2" = cut ] && timeout 3 bash -c 'exec 3<>/dev/tcp/192.0.2.1/80' 2>/dev/null; then
    echo "the network is not cut" >&2
    return 1
  fi
  (cd wheels && sha256sum --quiet --check SHA256SUMS)
  # No index, no cache, no setting of this machine's pip may help.
  export PIP_CONFIG_FILE=/dev/null PIP_NO_INDEX=1 PIP_NO_CACHE_DIR=1
  unset PIP_FIND_LINKS PIP_EXTRA_INDEX_URL PIP_INDEX_URL REGISTRY_DATABASE_URL REGISTRY_DATA_DIR
  REGISTRY_PORT=$port make --no-print-directory run >serve.log 2>&1 &
  server=$!
  trap 'kill "$server" 2>/dev/null || true' EXIT
  ready=
  for _ in $(seq 1 120); do
    kill -0 "$server" 2>/dev/null || break
    if python3 -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$port/readyz', timeout=2)" \
      2>/dev/null; then ready=yes; break; fi
    sleep 1
  done
  if [ -z "$ready" ]; then
    tail -n 20 serve.log >&2
    echo "not ready from the bundle" >&2
    return 1
  fi
  echo "ready from the bundle on port $port"
  make --no-print-directory demo
  # What typesets papers and its font came along: a paper in every form, without anything fetched.
  .venv/bin/python -c '
from registry.actions.papers import docx, page, pdf
from registry.domain.paper import Paper
paper = Paper(kind="decision", title="准予准入决定书", paragraphs=["经审查，决定准予准入。"])
octets, pages = pdf.counted(paper)
assert octets.startswith(b"%PDF-") and pages == 1 and b"NotoSerifCJK" in octets
print(f"a paper as PDF {len(octets)}, docx {len(docx.made(paper))}, page {len(page.made(paper))} octets")'
}

if [ "${1:-}" = inside ]; then
  inside "$2" "$3"
  exit
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tar -xzf "$archive" -C "$scratch"
folder=$(echo "$scratch"/admission-registry-*)

if unshare -n true 2>/dev/null; then
  echo "network cut: own network namespace"
  unshare -n bash "${BASH_SOURCE[0]}" inside "$folder" cut
elif unshare -rn true 2>/dev/null; then
  echo "network cut: own network namespace (without root)"
  unshare -rn bash "${BASH_SOURCE[0]}" inside "$folder" cut
else
  echo "network not cut: namespaces are not permitted here; pip is told to use no index"
  bash "${BASH_SOURCE[0]}" inside "$folder" open
fi
echo "the bundle installs and runs without a network"
