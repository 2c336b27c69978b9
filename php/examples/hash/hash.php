<?php

declare(strict_types=1);

use Coyote\Exception\OutcomeException;
use Coyote\Pool;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Helper\ProgressBar;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\ConsoleOutputInterface;
use Symfony\Component\Console\Output\OutputInterface;
use Symfony\Component\Console\SingleCommandApplication;

require __DIR__ . '/../../autoload.php';

/** @return iterable<string, string> path => path, found while the first are already hashed */
function files(string $folder): iterable
{
    $found = new RecursiveIteratorIterator(
        new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS),
        RecursiveIteratorIterator::LEAVES_ONLY,
        RecursiveIteratorIterator::CATCH_GET_CHILD,
    );
    foreach ($found as $file) {
        if ($file instanceof SplFileInfo && $file->isFile()) {
            yield $file->getPathname() => $file->getPathname();
        }
    }
}

(new SingleCommandApplication())
    ->setName('hash')
    ->addArgument('folder', InputArgument::REQUIRED, 'whose files are hashed')
    ->addOption('workers', 'w', InputOption::VALUE_REQUIRED, 'how many processes; one for each CPU unless told')
    ->setCode(static function (InputInterface $input, OutputInterface $output): int {
        /** @var string $folder */
        $folder = $input->getArgument('folder');
        if (!\is_dir($folder)) {
            $output->writeln("<error>$folder is no folder</error>");

            return Command::INVALID;
        }
        /** @var string|null $workers */
        $workers = $input->getOption('workers');
        $settings = $workers === null ? [] : ['num_workers' => $workers];
        $pool = new Pool(\sprintf('"%s" "%s/worker.php"', PHP_BINARY, __DIR__), $settings + ['prefetch' => 4]);

        $bar = new ProgressBar($output instanceof ConsoleOutputInterface ? $output->getErrorOutput() : $output);
        $failed = 0;
        foreach ($bar->iterate($pool->map(files($folder))) as $path => $reply) {
            try {
                $output->writeln("{$reply->body()}  $path", OutputInterface::OUTPUT_RAW);
            } catch (OutcomeException $reason) {
                $output->writeln("<error>$path: {$reason->getMessage()}</error>");
                $failed++;
            }
        }
        $pool->stop();

        return $failed === 0 ? Command::SUCCESS : Command::FAILURE;
    })
    ->run();
