<?php

declare(strict_types=1);

namespace Coyote\Lint\Bindings;

/** What bindings.h says: its first comment, and groups of entries. */
final class Header
{
    /** @var list<string> the first comment's lines */
    public readonly array $preamble;

    /** @var array<string, list<Entry>> a group's title => what is in it */
    public readonly array $groups;

    public function __construct(string $text)
    {
        $text = (string) \preg_replace('/^#.*\n/m', '', $text);
        $blocks = \preg_split('/\n\n+/', \trim($text)) ?: [];
        $this->preamble = self::comment((string) \array_shift($blocks));
        $groups = [];
        $title = '';
        foreach ($blocks as $block) {
            if (\preg_match('~^/\* ---- (.*) ---- \*/$~', $block, $found) === 1) {
                $title = $found[1];
                $groups[$title] = [];
            } elseif ($title === '') {
                throw new \RuntimeException("bindings.h: outside of a group (/* ---- title ---- */): $block");
            } else {
                $groups[$title][] = self::entry($block);
            }
        }
        $this->groups = $groups;
    }

    /** @return list<Declaration> */
    public function functions(): array
    {
        $functions = [];
        foreach ($this->groups as $entries) {
            foreach ($entries as $entry) {
                $functions = [...$functions, ...$entry->functions];
            }
        }

        return $functions;
    }

    private static function entry(string $block): Entry
    {
        $comment = [];
        if (\preg_match('~^/\*.*?\*/~s', $block, $found) === 1) {
            $comment = self::comment($found[0]);
            $block = \trim(\substr($block, \strlen($found[0])));
        }
        if (\str_starts_with($block, 'typedef enum')) {
            return new Entry($comment, [], Enumeration::parse(\rtrim($block, ";\n ")));
        }
        $functions = [];
        foreach (\explode(';', $block) as $statement) {
            $statement = \trim((string) \preg_replace('/\s+/', ' ', $statement));
            if ($statement !== '' && !\str_starts_with($statement, 'typedef struct')) {
                $functions[] = Declaration::parse($statement);
            }
        }

        return new Entry($comment, $functions, null);
    }

    /** @return list<string> */
    private static function comment(string $text): array
    {
        if (\preg_match('~^/\*(.*)\*/$~s', \trim($text), $found) !== 1) {
            throw new \RuntimeException("bindings.h: a comment was expected here: $text");
        }

        return \array_map(
            static fn (string $line): string => (string) \preg_replace('/^ ?\*? ?/', '', \rtrim($line), 1),
            \explode("\n", $found[1]),
        );
    }
}
