#!/usr/bin/env bash
# Installs what the example needs into .venv beside it, then starts it with the given arguments.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if [ ! -e .venv/installed ]; then
    python3 -m venv .venv
    .venv/bin/pip install -q --require-hashes -r requirements.txt
    touch .venv/installed
fi
exec .venv/bin/python source.py "$@"
