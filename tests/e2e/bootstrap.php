<?php

declare(strict_types=1);

require __DIR__ . '/Support/Ended.php';
require __DIR__ . '/Support/ServerProcess.php';
require __DIR__ . '/Support/Container.php';
