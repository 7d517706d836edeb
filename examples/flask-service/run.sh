#!/usr/bin/env bash
# Installs what the example needs into .venv beside it, then starts it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if [ ! -x .venv/bin/flask ]; then
    python3 -m venv .venv
    .venv/bin/pip install -q --require-hashes -r requirements.txt
    .venv/bin/pip install -q --no-deps ../../clients/python
fi
exec .venv/bin/python app.py
