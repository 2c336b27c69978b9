<?php

declare(strict_types=1);

namespace Coyote\Build;

use Coyote\Ffi\BuildFolder;

/**
 * vendor/bin/coyote-build: its options, what it says, its status.
 *
 * @internal
 */
final class Command
{
    private const HELP = <<<'TEXT'
        Usage: coyote-build [--dir DIR] [--force]

        Compiles Coyote's library, `coyote`, and where libphp is here `coyote-embed`, from the package's own
        sources. It asks nothing, and does nothing when sources, compiler and options are those of the build
        that is there.

          --dir DIR   where to; else COYOTE_BUILD_DIR, else coyote/VERSION-ARCHITECTURE in $XDG_CACHE_HOME,
                      which is ~/.cache unless set. Another folder than the last one has to be in
                      COYOTE_BUILD_DIR wherever PHP runs, or it will not be found
          --force     build even so
          --help      this text

        CC, CFLAGS, CPPFLAGS, LDFLAGS and CMAKE_BUILD_PARALLEL_LEVEL are heeded. Status: 0 it is built, or this
        is not Linux and there is nothing to build; 1 it could not be built; 2 wrong usage.

        TEXT;

    private bool $force = false;
    private ?string $folder = null;

    /** @param string|null $bin Composer's folder of programs, where it was called from there */
    public function __construct(private readonly string $package, private readonly ?string $bin)
    {
    }

    /**
     * @param list<string> $arguments
     *
     * @return int the status
     */
    public function run(array $arguments): int
    {
        $wrong = $this->read($arguments);
        if ($wrong === 'help') {
            echo self::HELP;

            return 0;
        }
        if ($wrong !== null) {
            $this->say("$wrong; coyote-build --help tells what there is");

            return 2;
        }
        $elsewhere = Platform::obstacle(\PHP_OS_FAMILY);
        if ($elsewhere !== null) {
            $this->say("nothing is built here. $elsewhere");

            return 0;
        }
        try {
            $this->make();
        } catch (BuildException $failure) {
            $this->say($failure->getMessage());

            return 1;
        }

        return 0;
    }

    /**
     * @param list<string> $arguments
     *
     * @return string|null 'help', what is wrong, or null
     */
    private function read(array $arguments): ?string
    {
        while ($arguments !== []) {
            $argument = \array_shift($arguments);
            if ($argument === '--help' || $argument === '-h') {
                return 'help';
            }
            if ($argument === '--force') {
                $this->force = true;
            } elseif ($argument === '--dir') {
                $this->folder = \array_shift($arguments);
                if ($this->folder === null || $this->folder === '') {
                    return '--dir needs a folder';
                }
            } elseif (\str_starts_with($argument, '--dir=') && $argument !== '--dir=') {
                $this->folder = \substr($argument, 6);
            } else {
                return "\"$argument\" is no option";
            }
        }

        return null;
    }

    private function make(): void
    {
        $store = new Store($this->target());
        $tools = new Toolchain();
        $builder = new Builder($this->package, $store, $tools, new EmbeddedPhp());
        $missing = $tools->missing();
        $fingerprint = Fingerprint::of($this->package, $missing === [] ? $builder->describe() : '');
        if ($missing !== []) {
            // as in the last stage of an image: the tools are gone, and the sources alone can be compared
            if ($this->force || $store->fingerprint()?->sources !== $fingerprint->sources) {
                throw $this->needs($missing);
            }
            $this->keep($store, ' with the sources; the tools to build it anew are not here');
        } elseif (!$this->force && $store->fingerprint() == $fingerprint) {
            $this->keep($store, '');
        } else {
            $lock = $store->lock(fn () => $this->say("another coyote-build is at work in $store->folder: waiting for it"));
            $store->check();
            $store->sweep();
            if (!$this->force && $store->fingerprint() == $fingerprint) {
                $this->keep($store, '');
            } else {
                $this->build($store, $builder, $fingerprint);
            }
        }
        $this->linkPrograms();
    }

    private function keep(Store $store, string $but): void
    {
        try {
            Preload::write($store->current(), $store->folder, $this->package);
        } catch (BuildException $failure) {
            // it matters to those alone who preload, and the folder may be somebody else's
            $this->say('preload.php is of another place than this: ' . $failure->getMessage());
        }
        $this->say("nothing to do: $store->folder is up to date$but");
        if (!\is_file("$store->folder/coyote-embed")) {
            $log = (string) @\file_get_contents($store->log());
            $this->tellOfEmbed((new EmbeddedPhp())->problem($log) ?? 'coyote-build --force says why');
        }
        $this->advise($store);
    }

    private function build(Store $store, Builder $builder, Fingerprint $fingerprint): void
    {
        $this->say("building into $store->folder (its log: build.log)");
        $start = \microtime(true);
        $problem = $builder->build($fingerprint);
        $store->sweep();
        $this->say(\sprintf(
            'built libcoyote.so.0%s %s in %.0f s',
            $problem === null ? ', coyote and coyote-embed' : ' and coyote',
            BuildFolder::VERSION,
            \microtime(true) - $start,
        ));
        if ($problem !== null) {
            $this->tellOfEmbed($problem);
        }
        $this->advise($store);
    }

    private function tellOfEmbed(string $problem): void
    {
        $lines = Distribution::here()->lines([EmbeddedPhp::requirement()]);
        $this->say("coyote-embed is left out: $problem\n    for it: $lines[0]");
    }

    private function advise(Store $store): void
    {
        echo Preload::advice($store->folder, $this->package);
        if ($store->folder !== BuildFolder::path()) {
            $this->say("where PHP runs, set COYOTE_BUILD_DIR=$store->folder, or it will not be found there");
        }
    }

    private function linkPrograms(): void
    {
        foreach ($this->bin === null ? [] : ComposerBin::link($this->bin, $this->package) as $file) {
            $this->say("$file stays Composer's script, which hands no signals on: it can't be replaced by a link");
        }
    }

    /** @return string an absolute path */
    private function target(): string
    {
        $folder = $this->folder ?? BuildFolder::path();
        if ($folder === null) {
            throw new BuildException('no folder to build into: neither COYOTE_BUILD_DIR nor XDG_CACHE_HOME nor HOME is '
                . 'set, and the system knows no home of this user. Name one by --dir DIR');
        }

        return \str_starts_with($folder, '/') ? $folder : \getcwd() . "/$folder";
    }

    /** @param list<Requirement> $missing */
    private function needs(array $missing): BuildException
    {
        $text = "not here yet, and needed to build:\n";
        foreach ($missing as $requirement) {
            $text .= \sprintf("    %-16s %s\n", $requirement->name, $requirement->why);
        }
        $lines = Distribution::here()->lines($missing);

        return new BuildException($text . "Install it and run coyote-build again:\n    " . \implode("\n    ", $lines));
    }

    private function say(string $text): void
    {
        \fwrite(\STDERR, "coyote-build: $text\n");
    }
}
