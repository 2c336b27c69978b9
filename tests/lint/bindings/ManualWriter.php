<?php

declare(strict_types=1);

namespace Coyote\Lint\Bindings;

/** capi/man/coyote.3: bindings.h as a manual page, in mdoc(7). */
final class ManualWriter
{
    /** Of the interface's version; a page without a date is a mistake in mdoc. */
    private const DATE = 'November 24, 2026';

    public function __construct(private readonly Header $header)
    {
    }

    public function write(): string
    {
        $synopsis = [];
        $description = [];
        $errors = [];
        foreach ($this->header->groups as $title => $entries) {
            $synopsis[] = '.Ss ' . $this->title($title);
            $description[] = '.Ss ' . $this->title($title);
            foreach ($entries as $entry) {
                foreach ($entry->functions as $function) {
                    $synopsis = [...$synopsis, ...$this->prototype($function)];
                }
                if ($entry->enumeration?->name === 'coy_status') {
                    $errors = $this->values($entry->enumeration);
                } else {
                    $description = [...$description, ...$this->entry($entry)];
                }
            }
        }

        return \implode("\n", [
            '.\" Generated from bindings.h by tests/lint/generate.php.',
            '.Dd ' . self::DATE,
            '.Dt COYOTE 3',
            '.Os',
            '.Sh NAME',
            '.Nm coyote',
            '.Nd pools of PHP workers and a server of events, for C programs and PHP\'s FFI',
            '.Sh SYNOPSIS',
            '.In coyote/bindings.h',
            '.Pp',
            'cc app.c $(pkg-config --cflags --libs coyote)',
            ...$synopsis,
            '.Sh DESCRIPTION',
            ...$this->text($this->header->preamble),
            ...$description,
            '.Sh RETURN VALUES',
            'Negative results are these values of',
            '.Vt coy_status ;',
            'the comment of each function says which of them it returns.',
            ...$errors,
            '.Sh SEE ALSO',
            '.Xr coyote 1',
        ]) . "\n";
    }

    /** @return list<string> */
    private function entry(Entry $entry): array
    {
        if ($entry->functions === [] && $entry->enumeration === null) {
            return $this->text($entry->comment);
        }
        $names = \array_map(
            static fn (Declaration $function): string => ".It Fn $function->name",
            $entry->functions,
        );
        if ($entry->enumeration !== null) {
            $names = ['.It Vt ' . $entry->enumeration->name];
        }
        $body = [...$this->text($entry->comment), ...($entry->enumeration === null ? [] : $this->values($entry->enumeration))];

        return ['.Bl -tag -width Ds', ...$names, ...$body, '.El'];
    }

    /**
     * Paragraphs, and what is set off by two spaces: a table of words and what they mean, or lines of code.
     *
     * @param list<string> $comment
     *
     * @return list<string>
     */
    private function text(array $comment): array
    {
        $out = [];
        $kept = [];
        $isCode = null;
        foreach ([...$comment, ''] as $line) {
            $code = \str_starts_with($line, '  ');
            if ($kept !== [] && ($code !== $isCode || $line === '')) {
                $out = [...$out, ...($isCode === true ? $this->setOff($kept) : $this->paragraph($kept))];
                $kept = [];
            }
            if ($line !== '') {
                $kept[] = $line;
                $isCode = $code;
            } elseif ($out !== []) {
                $out[] = '.Pp';
            }
        }
        while (\in_array(\end($out), ['.Pp', false], true) && $out !== []) {
            \array_pop($out);
        }

        // a display or a list brings its own space
        return \array_values(\array_filter($out, static fn (string $line, int $at): bool => $line !== '.Pp'
            || (\preg_match('/^\.(El|Pp)/', $out[$at - 1]) !== 1
            && \preg_match('/^\.(Bd|Bl)/', $out[$at + 1]) !== 1), \ARRAY_FILTER_USE_BOTH));
    }

    /**
     * A sentence a line, as manual pages are written.
     *
     * @param list<string> $lines
     *
     * @return list<string>
     */
    private function paragraph(array $lines): array
    {
        $text = \trim(\implode(' ', \array_map(\trim(...), $lines)));
        // in words, as anything else
        $text = (string) \preg_replace(['/\bsince (\d+\.\d+)$/', '/\(\)/'], ['Since $1.', ''], $text);
        if ($text === '') {
            return [];
        }
        $out = [];
        foreach (\preg_split('/(?<=[.?!])\s+(?=[A-Z0-9("])/', $text) ?: [] as $sentence) {
            foreach (\explode("\n", \wordwrap($this->escape($sentence), 78)) as $line) {
                $out[] = (\preg_match('/^[.\']/', $line) === 1 ? '\&' : '') . $line;
            }
        }

        return $out;
    }

    /**
     * @param list<string> $lines
     *
     * @return list<string>
     */
    private function setOff(array $lines): array
    {
        if (\preg_match('/^ +(\S.*?) {2,}\S/', $lines[0]) !== 1) {
            return ['.Bd -literal', ...\array_map(
                fn (string $line): string => \str_replace('-', '\-', $this->escape($line)),
                $lines,
            ), '.Ed'];
        }
        $indent = \strspn($lines[0], ' ');
        $out = ['.Pp', '.Bl -tag -width Ds -compact'];
        $about = [];
        foreach ($lines as $line) {
            if (\strspn($line, ' ') > $indent) {
                $about[] = $line;
                continue;
            }
            $out = [...$out, ...$this->paragraph($about)];
            [$word, $meaning] = [...(\preg_split('/ {2,}|(?<=ttl) (?=a )/', \trim($line), 2) ?: []), ''];
            $out[] = '.It ' . $this->escape($word);
            $about = [$meaning];
        }

        return [...$out, ...$this->paragraph($about), '.El'];
    }

    /** @return list<string> */
    private function values(Enumeration $enumeration): array
    {
        $out = ['.Pp', '.Bl -tag -width Ds -compact'];
        foreach ($enumeration->values as $value) {
            $out[] = ".It Dv {$value['name']} No = {$value['value']}";
            if ($value['comment'] !== '') {
                $out = [...$out, ...$this->paragraph([$value['comment']])];
            }
        }
        $out[] = '.El';

        return $out;
    }

    /** @return list<string> */
    private function prototype(Declaration $function): array
    {
        $out = [".Ft \"$function->type\"", ".Fo $function->name"];
        foreach ($function->parameters as $parameter) {
            $glue = \str_ends_with($parameter['type'], '*') ? '' : ' ';
            $out[] = ".Fa \"{$parameter['type']}$glue{$parameter['name']}\"";
        }
        if ($function->parameters === []) {
            $out[] = '.Fa void';
        }
        $out[] = '.Fc';

        return $out;
    }

    private function title(string $title): string
    {
        return \ucfirst($title);
    }

    private function escape(string $line): string
    {
        $line = \str_replace('\\', '\e', $line);

        return (string) \preg_replace('/\b(COY|coy)_\w+/', '\%$0', $line); // names are not hyphenated
    }
}
