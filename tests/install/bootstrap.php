<?php

declare(strict_types=1);

foreach (['Finished', 'Command', 'Scratch', 'Sources', 'Project'] as $class) {
    require __DIR__ . "/Support/$class.php";
}
register_shutdown_function(Coyote\Tests\Install\Support\Project::forget(...));
