<?php
// Sets a shop up, or brings it up to date, or finds nothing to do. Each phase is a process of its own, because hooks
// such as `plugins_loaded` fire once. Killed at any point, the next run completes the work; two at once wait for
// each other.

require __DIR__ . '/environment.php';
require __DIR__ . '/database.php';
require __DIR__ . '/versions.php';
require __DIR__ . '/snapshot.php';

$begin = microtime(true);
$database = connect();
lock($database);
$turn = microtime(true);
say(sprintf('the database answers, and it is our turn, after %.1f s', $turn - $begin));

refuseDowngrade($database);
$state = json_decode(stored($database, 'storefleet_setup') ?? '{}', true);
if (($state['fingerprint'] ?? '') === fingerprint()) {
    say('nothing to do');
    exit(0);
}
awaitCache();
$started = microtime(true);
$isBegun = beginWithSnapshot($database);
if ($isBegun) {
    say(sprintf('a copy of the shop in the image took %.1f s', microtime(true) - $started));
}
foreach ($isBegun ? ['configure'] : ['install', 'activate', 'configure'] as $phase) {
    $started = microtime(true);
    passthru(escapeshellcmd(PHP_BINARY) . ' ' . escapeshellarg(__DIR__ . "/phase-$phase.php"), $code);
    say(sprintf('%s took %.1f s', $phase, microtime(true) - $started));
    if ($code !== 0) {
        exit($code);
    }
}
say(sprintf('set up in %.1f s', microtime(true) - $turn));
