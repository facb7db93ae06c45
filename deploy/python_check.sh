#!/usr/bin/env bash
# Stops with one sentence where this machine's Python cannot make the environment.
set -euo pipefail

python=${PYTHON:-python3}

stop() {
  printf '%s\n%s\n' "$1" "$2" >&2
  exit 1
}

command -v "$python" >/dev/null 2>&1 ||
  stop "找不到 $python。请安装 Debian 软件包：python3-venv" \
    "$python is missing. Install one Debian package: python3-venv"

version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
case "$version" in
  3.11 | 3.12 | 3.13) ;;
  *) stop "需要 Python 3.11 至 3.13，$python 为 $version。可用 make PYTHON=… 指定。" \
    "Python 3.11 to 3.13 is needed; $python is $version. Name another with make PYTHON=…" ;;
esac

# Debian ships the module but not the wheels it unpacks, unless python3-venv is there.
"$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
  stop "$python 缺少 venv 模块。请安装 Debian 软件包：python3-venv" \
    "$python lacks its venv module. Install one Debian package: python3-venv"

if [ -f wheels/PYTHON ] && [ "$(cat wheels/PYTHON)" != "$version" ]; then
  stop "本安装包适用于 Python $(cat wheels/PYTHON)，$python 为 $version。" \
    "This bundle holds wheels for Python $(cat wheels/PYTHON); $python is $version."
fi
