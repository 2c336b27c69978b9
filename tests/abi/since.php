<?php

/**
 * php since.php BINDINGS: each declaration is documented by the comment above it, its own or that of
 * the declarations directly above, and the comment says since when. Status 1 when one is not.
 */

declare(strict_types=1);

/**
 * @param int $count of all declarations
 * @return list<string> those whose comment does not say it, as "line: name"
 */
function declarations_without_since(string $header, int &$count = 0): array
{
    $header = (string) preg_replace('~^#.*$~m', '', $header);
    preg_match_all(
        '~(?<comment>/\*.*?\*/)|(?<gap>\n[ \t]*\n)|(?<enum>typedef enum (?<type>\w+) \{.*?\} \w+;)'
        . '|(?<declaration>[a-z][^;{}]*?\b(?<function>coy_\w+)\([^;]*\);)|(?<handle>typedef struct [^;]*;)~s',
        $header,
        $parts,
        PREG_SET_ORDER | PREG_OFFSET_CAPTURE | PREG_UNMATCHED_AS_NULL,
    );
    $missing = [];
    $comment = '';
    foreach ($parts as $part) {
        if ($part['comment'][0] !== null) {
            $comment = $part['comment'][0];
        } elseif ($part['gap'][0] !== null) {
            $comment = '';
        } elseif ($part['handle'][0] === null && ++$count && preg_match('~\bsince \d+\.\d+\b~', $comment) !== 1) {
            $line = substr_count(substr($header, 0, (int) $part[0][1]), "\n") + 1;
            $missing[] = sprintf('%d: %s', $line, $part['type'][0] ?? $part['function'][0]);
        }
    }
    return $missing;
}

/** A header with one of each shape, and what must be found in it. */
function self_test(): bool
{
    $header = <<<'END'
        /* Of the file. since 0.1 */

        int coy_bare(void);
        /* Good.
         * since 0.1 */
        int coy_one(int number);
        size_t coy_two(const void *data,
                       size_t size);

        /* No word of it. */
        const char *coy_three(void);
        /* since 1.12 */
        typedef enum coy_good {
            COY_GOOD = 0, /* a value */
        } coy_good;

        typedef enum coy_bad {
            COY_BAD = 0, /* since 0.1 */
        } coy_bad;
        typedef struct coy_handle coy_handle;
        END;
    return declarations_without_since($header) === ['3: coy_bare', '11: coy_three', '17: coy_bad'];
}

$header = (string) file_get_contents($argv[1]);
$count = 0;
$missing = declarations_without_since($header, $count);
foreach ($missing as $where) {
    echo "$argv[1]:$where: the comment above does not say since when (\"since 0.1\")\n";
}
// every function has one bracket that opens behind its name, in whatever the parts above have missed
$code = (string) preg_replace(['~/\*.*?\*/~s', '~^#.*$~m'], '', $header);
$there = preg_match_all('~\bcoy_\w+\(~', $code) + preg_match_all('~\btypedef enum\b~', $code);
$count === $there || print "$count declarations were read of $there that are there\n";
self_test() || print "this check does not find what it should\n";
printf("%d declarations, %d without a since\n", $count, count($missing));
exit($missing === [] && $count > 0 && $count === $there && self_test() ? 0 : 1);
