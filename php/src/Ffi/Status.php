<?php

declare(strict_types=1);

namespace Coyote\Ffi;

/**
 * coy_status of bindings.h.
 *
 * @internal
 */
final class Status
{
    public const OK = 0;
    public const EINVAL = -1;
    public const EMEMORY = -2;
    public const EHANDLE = -3;
    public const EFORKED = -4;
    public const EINTERRUPTED = -5;
    public const ETIMEOUT = -6;
    public const ESTATE = -7;
    public const ESYSTEM = -8;
    public const EPROTOCOL = -9;
    public const EWORKER = -10;
    public const EFULL = -11;
    public const ETOOBIG = -12;
    public const ECONFIG = -13;
    public const ESOURCE = -14;
}
