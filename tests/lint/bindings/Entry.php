<?php

declare(strict_types=1);

namespace Coyote\Lint\Bindings;

/** A comment of bindings.h and what stands under it, up to an empty line. */
final class Entry
{
    /**
     * @param list<string>      $comment   its lines, without the stars
     * @param list<Declaration> $functions
     */
    public function __construct(
        public readonly array $comment,
        public readonly array $functions,
        public readonly ?Enumeration $enumeration,
    ) {
    }

    /** The comment on one line. */
    public function text(): string
    {
        return \trim((string) \preg_replace('/\s+/', ' ', \implode(' ', $this->comment)));
    }
}
