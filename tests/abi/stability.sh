#!/bin/sh
# stability.sh DUMP LIBRARY: the library's ABI is that of the committed dump.
status=0
"$(dirname -- "$0")/compare.sh" "$1" "$2" || status=$?
case $status in
    0) echo "the ABI is that of $1" ;;
    1) echo "The ABI has grown, which breaks nobody. Run ./dev abi and commit $1 with it." ;;
    2) echo "Programs that were built for the ABI of $1 would break. Take the change back: leave what is
there as it is, and add beside it. If it has to be, raise the number of the interface
(capi/abi/CMakeLists.txt: COYOTE_ABI_VERSION), then run ./dev abi and commit $1 with it." ;;
esac
exit $status
