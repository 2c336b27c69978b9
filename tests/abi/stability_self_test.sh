#!/bin/sh
# stability_self_test.sh CC SOURCE_DIR WORK SURFACE: libraries of a changed bindings.h, each against the
# one that it is now: what is removed or changed is told from what is added, and from what stayed.
set -eu
cc=$1 source=$2 work=$3 surface=$4
here=$source/tests/abi
soname=$(readelf -d "$surface" | sed -n 's/.*(SONAME).*\[\(.*\)\].*/\1/p')
failed=0
rm -rf "$work"
mkdir -p "$work"

# build FOLDER SONAME SED: the library of a bindings.h that sed has changed, its functions empty
build() {
    mkdir -p "$1/bindings"
    cp "$source"/bindings/*.inc "$1/bindings/"
    sed -E "$3" "$source/bindings.h" >"$1/bindings.h"
    "$here/surface.sh" "$1/bindings.h" "$1/surface.c" functions
    "$cc" -w -g -shared -fPIC -I "$1" -Wl,-soname,"$2" -o "$1/libcoyote.so" "$1/surface.c"
}

compare() {
    status=0
    "$here/compare.sh" "$work/now.abi" "$2" >"$work/report" 2>&1 || status=$?
    if [ "$status" -ne "$3" ]; then
        echo "FAILED $1: status $status, not $3:"
        cat "$work/report"
        failed=1
    fi
}

# expect NAME STATUS SED [SONAME]
expect() {
    build "$work/$1" "${4:-$soname}" "$3"
    if [ -n "$3" ] && cmp -s "$source/bindings.h" "$work/$1/bindings.h"; then
        echo "FAILED $1: sed has changed nothing"
        failed=1
    fi
    compare "$1" "$work/$1/libcoyote.so" "$2"
}

build "$work/now" "$soname" ''
"$here/dump.sh" "$work/now/libcoyote.so" >"$work/now.abi"

# what the functions do, and in which files, does not matter
compare "the library itself" "$surface" 0

expect nothing 0 ''
expect comment 0 's:since 0\.1:since 0.1 or so:'
expect parameter-name 0 's/int64_t timeout_ms/int64_t milliseconds/'

expect function-added 1 's/^int coy_abi_version.*/&\nint coy_added(int number);/'
expect enumerator-added 1 's/^ *COY_OK = 0,.*/&\n    COY_EADDED = -99,/'
expect enum-added 1 's/^int coy_abi_version.*/&\ntypedef enum coy_added {\n    COY_ADDED = 0,\n} coy_added;/'

expect function-removed 2 's/^int coy_error_status\(void\);//'
expect function-renamed 2 's/^int coy_error_status/int coy_status_of_error/'
expect parameter-removed 2 's/^int coy_pool_stop\(coy_pool \*pool, int64_t timeout_ms\)/int coy_pool_stop(coy_pool *pool)/'
expect parameter-added 2 's/^int coy_pool_reset\(coy_pool \*pool\)/int coy_pool_reset(coy_pool *pool, int how)/'
expect parameter-changed 2 's/^int coy_pool_stop\(coy_pool \*pool, int64_t timeout_ms\)/int coy_pool_stop(coy_pool *pool, int timeout_ms)/'
expect handle-changed 2 's/^int coy_pool_reset\(coy_pool \*pool\)/int coy_pool_reset(coy_config *pool)/'
expect result-changed 2 's/^int64_t coy_reply_pid/int coy_reply_pid/'
expect value-changed 2 's/COY_EINVAL = -1,/COY_EINVAL = -21,/'
expect value-removed 2 's/^ *COY_EFULL = -11,.*//'
expect type-of-enum-removed 2 '/^typedef enum coy_outcome/,/^} coy_outcome;/d'
expect soname 2 '' libcoyote.so.99

[ $failed -eq 0 ] && echo "all as expected"
exit $failed
