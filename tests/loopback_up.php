<?php

/* Brings the loopback interface up where it is down, as in a new network namespace (`unshare -n`): the
 * tests of tcp relays talk to 127.0.0.1. Needs root there, and does nothing anywhere else. */

declare(strict_types=1);

$server = stream_socket_server('tcp://127.0.0.1:0');
if ($server !== false && @stream_socket_client('tcp://' . stream_socket_get_name($server, false), $code, $text, 1)) {
    exit(0);
}
fwrite(STDERR, "==> the loopback interface is down; the tests need it: bringing it up\n");
$libc = FFI::cdef('int socket(int, int, int); int ioctl(int, unsigned long, char *);');
$request = $libc->new('char[40]'); // struct ifreq of netdevice(7): the name, then the flags
FFI::memcpy($request, str_pad('lo', 16, "\0") . pack('s', 0x41), 18); // IFF_UP | IFF_RUNNING
if ($libc->ioctl($libc->socket(2, 2, 0), 0x8914, $request) !== 0) { // SIOCSIFFLAGS
    fwrite(STDERR, "dev: it can't be brought up from here; as root: ip link set lo up\n");
    exit(1);
}
