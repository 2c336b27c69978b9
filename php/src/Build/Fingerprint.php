<?php

declare(strict_types=1);

namespace Coyote\Build;

/**
 * Of what a build was made: the same fingerprint, the same build.
 *
 * @internal
 */
final class Fingerprint
{
    /** All that the build reads of the package. */
    private const SOURCES = ['CMakeLists.txt', 'LICENSE', 'bindings.h', 'bindings', 'capi', 'cmake'];

    public function __construct(
        public readonly string $sources,
        public readonly string $tools,
    ) {
    }

    /** @param string $tools compiler, libraries and options, as text */
    public static function of(string $package, string $tools): self
    {
        $hash = \hash_init('sha256');
        foreach (self::files($package) as $file) {
            \hash_update($hash, $file . "\0" . \filesize("$package/$file") . "\0");
            if (!@\hash_update_file($hash, "$package/$file")) {
                throw new BuildException("$package/$file can't be read: " . self::lastError());
            }
        }

        return new self(\hash_final($hash), \hash('sha256', $tools));
    }

    /**
     * @return list<string> in an order that does not depend on the file system
     */
    private static function files(string $package): array
    {
        $files = [];
        foreach (self::SOURCES as $name) {
            if (\is_file("$package/$name")) {
                $files[] = $name;
            } elseif (\is_dir("$package/$name")) {
                $all = new \RecursiveIteratorIterator(
                    new \RecursiveDirectoryIterator("$package/$name", \FilesystemIterator::SKIP_DOTS),
                );
                foreach ($all as $file) {
                    \assert($file instanceof \SplFileInfo);
                    $files[] = \substr($file->getPathname(), \strlen($package) + 1);
                }
            } else {
                throw new BuildException("$package/$name is not there: install the package anew");
            }
        }
        \sort($files);

        return $files;
    }

    private static function lastError(): string
    {
        return \preg_replace('/^.*: /', '', \error_get_last()['message'] ?? '') ?? '';
    }
}
