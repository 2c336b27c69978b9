<?php

/**
 * Classes of a made-up application, for the container's tests to make.
 */

declare(strict_types=1);

namespace Coyote\Tests\Kernel\App;

interface Clock
{
}

final class WallClock implements Clock
{
}

final class Journal
{
    public function __construct(public readonly Clock $clock)
    {
    }
}

final class Report
{
    public function __construct(public readonly Journal $journal, public readonly string $title = 'untitled')
    {
    }
}

final class Mailer
{
    public function __construct(public readonly WallClock $clock, public readonly string $host)
    {
    }
}

final class Newsletter
{
    public function __construct(public readonly Mailer $mailer)
    {
    }
}

final class Campaign
{
    public function __construct(public readonly Newsletter $newsletter)
    {
    }
}

final class Hen
{
    public function __construct(public readonly Egg $egg)
    {
    }
}

final class Egg
{
    public function __construct(public readonly Hen $hen)
    {
    }
}

final class Choosy
{
    /** @var list<string> */
    public readonly array $rest;

    public function __construct(
        public readonly ?\DateTimeImmutable $at = null,
        public readonly ?Clock $clock = null,
        public readonly Clock|WallClock|null $union = null,
        string ...$rest,
    ) {
        $this->rest = \array_values($rest);
    }
}

final class Nullable
{
    public function __construct(public readonly ?Clock $clock, public readonly ?WallClock $wall)
    {
    }
}

final class Untyped
{
    /** @phpstan-ignore-next-line */
    public function __construct(public $anything)
    {
    }
}

final class Linked
{
    public function __construct(public readonly ?self $next)
    {
    }
}

final class Hidden
{
    private function __construct()
    {
    }
}

abstract class Shape
{
}

enum Suit
{
    case Spades;
}

final class Failing
{
    public function __construct()
    {
        throw new \DomainException('the disk is full');
    }
}
