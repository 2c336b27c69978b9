<?php

declare(strict_types=1);

require __DIR__ . '/EmbedServer.php';
require __DIR__ . '/Ended.php';
