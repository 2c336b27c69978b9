#!/bin/sh
# soname.sh PHP LIBRARY BINDINGS: the soname is libcoyote.so.N, coy_abi_version() is that N, and PHP's
# FFI::load takes that library.
set -eu
soname=$(readelf -d "$2" | sed -n 's/.*(SONAME).*\[\(.*\)\].*/\1/p')
number=${soname#libcoyote.so.}
case $number in
    '' | *[!0-9]*) echo "$2 has the soname \"$soname\", not libcoyote.so.N"; exit 1 ;;
esac
# shellcheck disable=SC2016
told=$("$1" -d ffi.enable=1 -r 'echo FFI::cdef("int coy_abi_version(void);", $argv[1])->coy_abi_version();' "$2")
[ "$told" = "$number" ] || {
    echo "the soname is $soname, but coy_abi_version() says $told"
    exit 1
}
grep -qxF "#define FFI_LIB \"$soname\"" "$3" || {
    echo "the soname is $soname, but FFI_LIB in $3 is another"
    exit 1
}
echo "$soname, and coy_abi_version() says so"
