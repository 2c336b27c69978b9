<?php

declare(strict_types=1);

namespace Coyote\Build;

/**
 * The build folder: one whole build is current, and the next one takes its place in a single rename.
 *
 * `current` is a link to the folder of a build, and the names that people use are links through it. Who
 * has the lock is alone, so any other folder of a build is a leftover.
 *
 * @internal
 */
final class Store
{
    private const LINKS = [
        'libcoyote.so.0' => 'current/lib/libcoyote.so.0',
        'coyote' => 'current/bin/coyote',
        'coyote-embed' => 'current/bin/coyote-embed',
        'preload.h' => 'current/preload.h',
        'preload.php' => 'current/preload.php',
        'include' => 'current/include',
        'lib' => 'current/lib',
    ];
    private const STAMP = 'fingerprint.json';

    public function __construct(public readonly string $folder)
    {
    }

    public function log(): string
    {
        return "$this->folder/build.log";
    }

    /** The current build's folder, through the link; whether it is there or not. */
    public function current(): string
    {
        return "$this->folder/current";
    }

    /**
     * @param callable(): void $waits is called when another has it
     *
     * @return resource the lock, held as long as it lives: until the process ends, however it ends
     */
    public function lock(callable $waits): mixed
    {
        if (!\is_dir($this->folder) && !@\mkdir($this->folder, 0777, true) && !\is_dir($this->folder)) {
            throw $this->problem('it can\'t be made');
        }
        // 'e': the tools that are run must not hold it on when this process was killed
        $lock = @\fopen("$this->folder/lock", 'ce');
        if ($lock === false) {
            throw $this->problem('nothing can be written there');
        }
        if (!\flock($lock, \LOCK_EX | \LOCK_NB)) {
            $waits();
            \flock($lock, \LOCK_EX);
        }

        return $lock;
    }

    /** Null: no build, or not a whole one. */
    public function fingerprint(): ?Fingerprint
    {
        $text = @\file_get_contents($this->current() . '/' . self::STAMP);
        $stamp = $text === false ? null : \json_decode($text, true);
        if (!\is_array($stamp) || !\is_string($stamp['sources'] ?? null) || !\is_string($stamp['tools'] ?? null)) {
            return null;
        }
        foreach (['libcoyote.so.0', 'coyote'] as $name) {
            if (!\is_file("$this->folder/$name")) {
                return null;
            }
        }

        return new Fingerprint($stamp['sources'], $stamp['tools']);
    }

    /** A new folder, for a build or for what is in between. */
    public function begin(string $kind): string
    {
        $folder = \sprintf('%s/%s-%s', $this->folder, $kind, \bin2hex(\random_bytes(4)));
        if (!@\mkdir($folder)) {
            throw $this->problem('nothing can be written there');
        }

        return $folder;
    }

    /** Makes a finished build the current one. */
    public function publish(string $build, Fingerprint $fingerprint): void
    {
        $stamp = \json_encode(['sources' => $fingerprint->sources, 'tools' => $fingerprint->tools]);
        if (@\file_put_contents("$build/" . self::STAMP, "$stamp\n") === false) {
            throw $this->problem('nothing can be written there');
        }
        foreach (self::LINKS as $name => $target) {
            $this->link($name, $target);
        }
        $this->link('current', \basename($build));
    }

    /** What killed builds have left, and what the current one has replaced. */
    public function sweep(): void
    {
        $current = (string) @\readlink($this->current());
        foreach (\glob("$this->folder/{build,work,link}-*", \GLOB_BRACE) ?: [] as $path) {
            if (\basename($path) !== $current) {
                self::remove($path);
            }
        }
    }

    /** Somebody's own files of these names would be in the way. */
    public function check(): void
    {
        foreach ([...\array_keys(self::LINKS), 'current'] as $name) {
            $path = "$this->folder/$name";
            if (\file_exists($path) && !\is_link($path)) {
                throw new BuildException("$path is in the way: coyote-build needs a folder of its own, see --dir");
            }
        }
    }

    public static function remove(string $path): void
    {
        if (\is_dir($path) && !\is_link($path)) {
            foreach (\array_diff(@\scandir($path) ?: [], ['.', '..']) as $name) {
                self::remove("$path/$name");
            }
            @\rmdir($path);
        } else {
            @\unlink($path);
        }
    }

    private function link(string $name, string $target): void
    {
        $path = "$this->folder/$name";
        if (@\readlink($path) === $target) {
            return;
        }
        $new = \sprintf('%s/link-%s', $this->folder, \bin2hex(\random_bytes(4)));
        if (!@\symlink($target, $new) || !@\rename($new, $path)) {
            throw $this->problem("$path can't be made a link");
        }
    }

    private function problem(string $what): BuildException
    {
        $why = \preg_replace('/^.*: /', '', \error_get_last()['message'] ?? '') ?? '';

        return new BuildException(\sprintf(
            "the build folder %s: %s%s\nName another one by --dir DIR, or by COYOTE_BUILD_DIR, which has to be set "
            . 'where PHP runs, too',
            $this->folder,
            $what,
            $why === '' ? '' : " ($why)",
        ));
    }
}
