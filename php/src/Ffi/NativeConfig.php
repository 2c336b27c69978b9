<?php

declare(strict_types=1);

namespace Coyote\Ffi;

use Coyote\Exception\ConfigException;
use Coyote\Exception\CoyoteException;
use Coyote\Exception\MisuseException;

/**
 * A coy_config: what a server or a pool is made from.
 *
 * @internal
 */
final class NativeConfig
{
    /** What an array's mistakes are said to stand in; its lines are those of its JSON. */
    private const ARRAY = 'the config as JSON';

    /** @var \FFI\CData|null null: a server has it */
    private ?object $config = null;

    /**
     * @param string|array<mixed> $config a file, or the tree itself
     */
    public function __construct(string|array $config)
    {
        $this->config = Library::bindings()->coy_config_new() ?? throw Failure::last();
        try {
            \is_string($config) ? $this->readFile($config) : $this->readTree($config);
        } catch (CoyoteException $failure) {
            // What its constructor has not finished PHP does not destruct
            $this->__destruct();

            throw $failure;
        }
    }

    public function __destruct()
    {
        if ($this->config !== null) {
            Library::bindings()->coy_config_free($this->config);
            $this->config = null;
        }
    }

    public function set(string $key, string $value): void
    {
        Failure::check(Library::bindings()->coy_config_set($this->handle(), $key, $value));
    }

    /** What stands at a dotted key; null: nothing. */
    public function get(string $key): mixed
    {
        $text = Library::bindings()->coy_config_get($this->handle(), $key);

        return $text === null ? null : \json_decode($text, true);
    }

    /**
     * @return \FFI\CData
     */
    public function handle(): object
    {
        return $this->config ?? throw new MisuseException('The config has gone into a server already.');
    }

    /** It belongs to a server now. */
    public function givenAway(): void
    {
        $this->config = null;
    }

    private function readFile(string $path): void
    {
        // Text for C ends at a NUL: it would be another file
        if ($path === '' || \str_contains($path, "\0")) {
            throw new ConfigException('The name of the config file is empty or holds a NUL byte.');
        }
        Failure::check(Library::bindings()->coy_config_read_file($this->handle(), $path));
    }

    /**
     * @param array<mixed> $tree
     */
    private function readTree(array $tree): void
    {
        try {
            $text = \json_encode(
                $tree === [] ? new \stdClass() : $tree,
                \JSON_THROW_ON_ERROR | \JSON_PRETTY_PRINT | \JSON_UNESCAPED_SLASHES | \JSON_UNESCAPED_UNICODE
                    | \JSON_PRESERVE_ZERO_FRACTION,
            );
        } catch (\JsonException $failure) {
            throw new ConfigException(
                'The array is no config: it must be what JSON can hold. ' . $failure->getMessage(),
                0,
                $failure,
            );
        }
        Failure::check(Library::bindings()->coy_config_read_text($this->handle(), self::ARRAY, $text, \strlen($text)));
    }
}
