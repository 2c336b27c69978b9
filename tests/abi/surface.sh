#!/bin/sh
# surface.sh BINDINGS C_FILE [functions]: writes C that shows what no exported function names, the
# values of the enums; with `functions` an empty one for each declaration too.
set -eu
{
    echo '#include <bindings.h>'
    sed -n 's/^} \(coy_[a-z0-9_]*\);$/\1 shown_\1;/p' "$1"
} >"$2"
[ "${3:-}" = functions ] || exit 0
sed -e '/^#/d' "$1" | tr '\n' ' ' | sed -e 's:/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/: :g' -e 's/;/;\n/g' |
    sed -n 's/^ *\([^{}]*[ *]coy_[a-z0-9_]*(.*)\);$/\1 { __builtin_trap(); }/p' >>"$2"
