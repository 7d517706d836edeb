#!/usr/bin/env bash
# Starts an example against a Tailrace that `./tailrace up` has started: examples/run.sh NAME [ARGUMENT..]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name=${1:-}
if [ ! -f "$here/$name/package.json" ] || [ "$name" = panel ]; then
    echo "usage: examples/run.sh logs-react | workflow-monitor | dashboard | micro-frontends | express-service | go-sse-sample | ask-your-files" >&2
    exit 2
fi
cd "$here"
# Again when the lock has changed.
if ! cmp -s package-lock.json node_modules/.installed; then
    npm ci
    cp package-lock.json node_modules/.installed
fi
if [ -z "${TAILRACE_TOKEN:-}" ]; then
    grants=()
    for channels in 'logs:*:*' 'workflows:*:*' 'alerts:*' 'metrics:*'; do grants+=(--subscribe "$channels" --publish "$channels"); done
    TAILRACE_TOKEN=$(../tailrace token --sub examples --ttl 12h "${grants[@]}")
    export TAILRACE_TOKEN
fi
exec npm start --workspace "$name" -- "${@:2}"
