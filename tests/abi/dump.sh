#!/bin/sh
# dump.sh LIBRARY: its ABI on standard output, without what differs from machine to machine.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
abidw --no-corpus-path --no-comp-dir-path --no-show-locs --no-architecture --no-elf-needed \
    --no-parameter-names --no-write-default-sizes --exported-interfaces-only \
    --type-id-style hash --out-file "$work/abi" "$1"
# of the sources their names alone, not where they lay
sed "s:\( path='\)[^']*/:\1:" "$work/abi"
