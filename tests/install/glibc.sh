#!/bin/sh
# glibc.sh FILE...: built for the glibc that README.md names (2.31), it would find all its functions there.
# What a younger glibc only calls anew, as fstat@GLIBC_2.33 or pthread_once@GLIBC_2.34, an older one has too.
set -eu
oldest=31
moved=' __libc_start_main dlclose dlerror dlopen dlsym fstat lstat pthread_attr_setstacksize pthread_create
 pthread_detach pthread_getspecific pthread_join pthread_key_create pthread_key_delete pthread_mutex_trylock
 pthread_once pthread_setspecific pthread_sigmask stat __isoc23_sscanf __isoc23_strtol __isoc23_strtoll
 __isoc23_strtoul __isoc23_strtoull '
status=0
for file in "$@"; do
    seen=0
    for symbol in $(nm -D --undefined-only "$file" | sed -n 's/^ *[Uw] \(.*@GLIBC_2\.[0-9].*\)/\1/p'); do
        seen=$((seen + 1))
        name=${symbol%%@*}
        minor=${symbol##*GLIBC_2.}
        minor=${minor%%.*}
        if [ "$minor" -gt "$oldest" ] && ! echo "$moved" | tr '\n' ' ' | grep -q " $name "; then
            echo "$file: $symbol is younger than glibc 2.$oldest"
            status=1
        fi
    done
    [ "$seen" -gt 20 ] || { echo "$file: only $seen functions of glibc found"; status=1; }
done
exit $status
