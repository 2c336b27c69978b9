<?php

declare(strict_types=1);

foreach (['Outcome', 'Library', 'Reply', 'PoolException', 'Pool', 'Lane', 'Processes'] as $class) {
    require __DIR__ . "/../Support/$class.php";
}
require __DIR__ . '/PoolTestCase.php';
