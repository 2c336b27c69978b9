#!/bin/sh
# hardening.sh FILE...: position independent, full RELRO, no executable stack.
set -eu
status=0
for file in "$@"; do
    complain() {
        echo "$file: $1"
        status=1
    }
    readelf -hW "$file" | grep -q 'Type:.*DYN' || complain "is not position independent"
    readelf -lW "$file" | grep -q 'GNU_RELRO' || complain "has no RELRO segment"
    readelf -dW "$file" | grep -Eq 'BIND_NOW|FLAGS_1.*NOW' || complain "binds lazily: RELRO is partial"
    readelf -lW "$file" | grep 'GNU_STACK' | grep -q 'RWE' && complain "has an executable stack"
    readelf -dW "$file" | grep -Eq 'RPATH|RUNPATH' && complain "has a search path of its own"
done
exit $status
