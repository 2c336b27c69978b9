#!/bin/sh
# compare.sh DUMP LIBRARY: how the library's ABI differs from a dump. Prints the differences; status 0:
# there are none, 1: something was added, 2: something was removed or changed, 3: it can't be told.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

command -v abidiff >/dev/null || { echo "there is no abidiff: install abigail-tools"; exit 3; }
readelf -S "$2" 2>/dev/null | grep -q debug_info || {
    echo "$2 has no debug information, without which its types can't be told: build it with -g"
    exit 3
}

# differs OPTIONS...: bit 1 or 2 of abidiff's status is trouble of its own, bit 4 a difference
differs() {
    status=0
    abidiff "$@" >"$work/report" 2>&1 || status=$?
    if [ $((status & 3)) -ne 0 ]; then
        cat "$work/report"
        exit 3
    fi
    [ "$status" -ne 0 ]
}

if differs --no-architecture --no-added-syms "$1" "$2"; then
    cat "$work/report"
    exit 2
fi
if differs --no-architecture --harmless "$1" "$2"; then
    cat "$work/report"
    exit 1
fi
