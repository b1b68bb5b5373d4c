# Shared by bin/demo and bin/test; read with `.`, never run. POSIX sh.
# Makes .venv with the locked dependencies and builds the assets; does nothing where nothing changed.

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
VENV=$ROOT/.venv
PY=$VENV/bin/python

say() { printf '%s\n' "$*"; }
fail() { printf 'quarterhour: %s\n' "$*" >&2; exit 1; }
now() { date +%s; }

# Try an interpreter for real: shims and half installed ones fail here, not later.
python_runs() {
    "$1" -c 'import sys, ssl, venv, ensurepip, ctypes; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${QUARTERHOUR_PYTHON:-} python3.13 python3.12 python3.11 python3 python3.14 \
        "$HOME"/.pyenv/versions/3.1[1-4].*/bin/python3 /usr/local/bin/python3 /usr/bin/python3; do
        if python_runs "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return 0
        fi
    done
    return 1
}

sum_of() { cat "$@" 2>/dev/null | cksum | tr ' ' '-'; }

# make_environment LOCK...: .venv with these locks, installed by hash.
make_environment() {
    [ -w "$ROOT" ] || [ -x "$PY" ] || fail "$ROOT cannot be written by you. Clone Quarterhour into a folder of your own."
    if [ -x "$PY" ] && ! "$PY" -c 'import sys' >/dev/null 2>&1; then rm -rf "$VENV"; fi
    if [ ! -x "$PY" ] || [ ! -f "$VENV/made" ]; then
        python=$(find_python) || fail "Python 3.11, 3.12 or 3.13 is needed. Debian: apt-get install python3 python3-venv"
        say "Making the environment with $("$python" --version) (about half a minute, once)"
        rm -rf "$VENV"
        "$python" -m venv "$VENV" || fail "The environment could not be made. Debian: apt-get install python3-venv"
        "$PY" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
            -r "$ROOT/requirements/tools.lock" || fail "The installer could not be fetched. Is the package index reachable?"
        touch "$VENV/made"
    fi
    wanted=$(cd "$ROOT/requirements" && sum_of "$@")
    if [ "$(cat "$VENV/installed-$1" 2>/dev/null)" != "$wanted" ]; then
        say "Installing what is locked in requirements/"
        for lock in "$@"; do
            set_deps=
            case $lock in model.lock | solver.lock | captions.lock) set_deps=--no-deps ;; esac
            # shellcheck disable=SC2086 # an empty word must vanish
            "$PY" -m uv pip install --quiet --python "$PY" --require-hashes $set_deps -r "$ROOT/requirements/$lock" \
                || "$PY" -m pip install --quiet --require-hashes $set_deps -r "$ROOT/requirements/$lock" \
                || fail "Not everything could be installed. Run the command again; what is there is kept."
        done
        printf '%s\n' "$wanted" >"$VENV/installed-$1"
    fi
    case " $* " in *" rank.lock "*) openmp_for_learning ;; esac
    site=$("$PY" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    if [ "$(cat "$site/quarterhour_checkout.pth" 2>/dev/null)" != "$ROOT/src" ]; then
        printf '%s\n' "$ROOT/src" >"$site/quarterhour_checkout.pth"
    fi
}

# Captions that this machine writes down itself take 250 MB: only where they are asked for.
captions_if_asked() {
    if [ "${QUARTERHOUR_CAPTIONS_URL:-}" = local ]; then make_environment captions.lock; fi
}

# Learning from outcomes needs the OpenMP library, which a bare Debian does not have. Everything else works without.
openmp_for_learning() {
    [ "$(uname -s)" = Linux ] || return 0
    "$PY" -c 'import ctypes; ctypes.CDLL("libgomp.so.1")' 2>/dev/null && return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing libgomp1, with which a ranker can learn from outcomes"
        { apt-get install -y --no-install-recommends libgomp1 \
            || { apt-get update && apt-get install -y --no-install-recommends libgomp1; }; } \
            >"${TMPDIR:-/tmp}/quarterhour-libgomp.log" 2>&1 </dev/null && return 0
        say "It could not be installed; ${TMPDIR:-/tmp}/quarterhour-libgomp.log says why. The default ranker needs no learning."
        return 0
    fi
    say "Without the OpenMP library no ranker can be learned; everything else works. Debian: sudo apt-get install libgomp1"
}

node_of() {
    if command -v node >/dev/null 2>&1 && node -e 'process.exit(+process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null; then
        command -v node
    elif [ -x "$VENV/bin/node" ]; then
        printf '%s\n' "$VENV/bin/node"
    else
        return 1
    fi
}

# build_assets: stylesheets, scripts and fonts into static/built, again only when a source changed.
build_assets() {
    built=$ROOT/src/quarterhour/web/static/built
    wanted=$(cd "$ROOT" && { cat package-lock.json; find frontend src/quarterhour/web/static -type f \
        -not -path '*/built/*' -exec cksum {} + | LC_ALL=C sort; } | cksum)
    [ "$(cat "$built/made-from" 2>/dev/null)" = "$wanted" ] && return 0
    node=$(node_of) || fail "Node 20 or later is needed to build the assets. Debian: apt-get install nodejs npm"
    say "Building stylesheets and scripts with Node $("$node" --version)"
    if [ "$(cat "$ROOT/node_modules/made-from" 2>/dev/null)" != "$(sum_of "$ROOT/package-lock.json")" ]; then
        (cd "$ROOT" && PATH="$(dirname "$node"):$PATH" npm ci --silent --no-audit --no-fund) \
            || fail "npm could not install the build tools. Run the command again."
        sum_of "$ROOT/package-lock.json" >"$ROOT/node_modules/made-from"
    fi
    (cd "$ROOT" && "$node" frontend/build.mjs >/dev/null) || fail "The assets could not be built."
    printf '%s\n' "$wanted" >"$built/made-from"
}
