#!/bin/sh
# Pins every requirement with its hashes, for all platforms at once: `make lock`.
set -eu
cd "$(dirname "$0")"
pin() {
  name=$1
  shift
  ../.venv/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
    "$@" "$name.in" --output-file "$name.txt"
}
pin base "$@"
pin dev "$@"
pin servers --no-deps "$@"
