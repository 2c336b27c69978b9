#!/bin/sh
# exports.sh BINDINGS LIBRARY: every function of the header is exported, and nothing else is.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# declarations: no preprocessor lines, no comments, one statement a line, the name before "("
sed -e '/^#/d' "$1" | tr '\n' ' ' | sed -e 's:/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/: :g' -e 's/;/;\n/g' |
    sed -n 's/^.*[ *]\(coy_[a-z0-9_]*\)(.*$/\1/p' | sort >"$work/declared"
nm -D --defined-only "$2" | awk '{print $3}' | sort >"$work/exported"

[ -s "$work/declared" ] || { echo "no declarations found in $1"; exit 1; }
if ! diff "$work/declared" "$work/exported" >"$work/diff"; then
    echo "bindings.h (<) and the library's exports (>) differ:"
    cat "$work/diff"
    exit 1
fi
echo "$(wc -l <"$work/exported") functions, each declared and exported"
