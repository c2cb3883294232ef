<?php
// Run inside the image, beside a Redis: what WordPress relies on, each as a sentence with whether it holds.

foreach (['connection', 'redis-object-cache', 'functions'] as $part) {
    require "/opt/storefleet/cache/$part.php";
}
ini_set('error_log', '/dev/null');

$holds = [];
function check(string $sentence, bool $is): void
{
    global $holds;
    $holds[$sentence] = $is;
}

/** What the next request of any server would get. */
function next_request(): void
{
    wp_cache_init();
}

if (($argv[1] ?? '') === 'count') {
    next_request();
    for ($time = 0; $time < 200; $time++) {
        wp_cache_incr('visitors');
    }
    exit(0);
}

next_request();
wp_cache_flush();

$object = new stdClass();
$object->colour = 'red';
$values = ['int' => 5, 'text' => '5', 'float' => 0.5, 'list' => [1, ['a' => null]], 'no' => false, 'nothing' => null, 'empty' => '', 'zero' => 0, 'negative' => -7, 'object' => $object];
foreach ($values as $key => $value) {
    wp_cache_set($key, $value, 'kinds');
}
next_request();
foreach ($values as $key => $value) {
    $got = wp_cache_get($key, 'kinds', false, $found);
    check("keeps a value of the kind $key for the next request", $found && ($key === 'object' ? $got == $value : $got === $value));
}
wp_cache_get('unknown', 'kinds', false, $found);
check('says when there is nothing', !$found);

$first = wp_cache_get('object', 'kinds');
$first->colour = 'blue';
check('gives each reader an object of its own', wp_cache_get('object', 'kinds')->colour === 'red');

check('adds where there is nothing', wp_cache_add('once', 1) && !wp_cache_add('once', 2));
next_request();
check('does not add where another request has', !wp_cache_add('once', 3) && wp_cache_get('once') === 1);
check('replaces what is there only', wp_cache_replace('once', 4) && !wp_cache_replace('never', 1) && wp_cache_get('never') === false);
check('deletes once', wp_cache_delete('once') && !wp_cache_delete('once'));
next_request();
check('has deleted for everybody', wp_cache_get('once') === false);

wp_cache_set('short', 'here', '', 1);
wp_cache_set('long', 'here', '', 100);
wp_cache_set('endless', 'here');
sleep(2);
next_request();
check('forgets after the given seconds, not before', wp_cache_get('short') === false && wp_cache_get('long') === 'here');
$server = new Redis();
$server->connect(getenv('REDIS_HOST'));
$server->auth(getenv('REDIS_PASSWORD'));
$left = $server->ttl('default:endless');
check('keeps nothing for longer than an hour unless it was asked to', $left > 3500 && $left <= 3600);

wp_cache_set('visitors', 3);
check('counts up and down, and not below zero', wp_cache_incr('visitors', 2) === 5 && wp_cache_decr('visitors', 9) === 0);
check('does not count what is not there', wp_cache_incr('nobody') === false && wp_cache_get('nobody') === false);
wp_cache_set('word', 'many');
check('counts from zero what is no number', wp_cache_incr('word') === 1);
wp_cache_set('visitors', 0);
$counters = array_map(fn () => proc_open([PHP_BINARY, __FILE__, 'count'], [], $pipes), range(1, 4));
array_map('proc_close', $counters);
next_request();
check('loses no visitor of four servers that count at once', wp_cache_get('visitors') === 800);

wp_cache_set('same', 1, 'one');
wp_cache_set('same', 2, 'two');
check('keeps groups apart', wp_cache_get('same', 'one') === 1 && wp_cache_get('same', 'two') === 2);
wp_cache_set('same', 3, 'o*');
wp_cache_flush_group('o*');
check('empties one group, whatever its name', wp_cache_get('same', 'o*') === false && wp_cache_get('same', 'one') === 1);
wp_cache_flush_group('one');
next_request();
check('has emptied it for everybody', wp_cache_get('same', 'one') === false && wp_cache_get('same', 'two') === 2);

check('sets several', wp_cache_set_multiple(['a' => 1, 'b' => 2], 'many') === ['a' => true, 'b' => true]);
next_request();
check('gives several, and no for what is not there', wp_cache_get_multiple(['a', 'b', 'c'], 'many') == ['a' => 1, 'b' => 2, 'c' => false]);
check('adds several', wp_cache_add_multiple(['b' => 9, 'c' => 3], 'many') === ['b' => false, 'c' => true]);
check('deletes several', wp_cache_delete_multiple(['a', 'z'], 'many') === ['a' => true, 'z' => false]);
check('numbers can be keys', wp_cache_set(7, 'seven', 'many') && wp_cache_get_multiple([7], 'many') === [7 => 'seven']);

wp_cache_add_non_persistent_groups(['mine']);
wp_cache_set('secret', 1, 'mine');
check('remembers within the request what is for it alone', wp_cache_get('secret', 'mine') === 1 && !wp_cache_add('secret', 2, 'mine'));
check('counts within the request, too', wp_cache_incr('secret', 4, 'mine') === 5);
next_request();
wp_cache_add_non_persistent_groups(['mine']);
check('shows it to no other request', wp_cache_get('secret', 'mine') === false);

wp_cache_set('later', 1);
wp_cache_get('later');
$server->set('default:later', '2');
check('asks again when it must', wp_cache_get('later') === 1 && wp_cache_get('later', '', true) === 2);
wp_cache_flush_runtime();
check('forgets what it knows of this request', wp_cache_get('later') === 2);
check('takes no empty key', !wp_cache_set('', 1) && !wp_cache_set(' ', 1) && !wp_cache_set(null, 1) && wp_cache_set(0, 1));

wp_cache_flush();
next_request();
check('empties everything', wp_cache_get('later') === false && $server->dbSize() === 0);

foreach (['is away' => ['127.0.0.1', 'any'], 'takes another password' => [getenv('REDIS_HOST'), 'wrong']] as $case => [$host, $password]) {
    $cache = new StorefleetObjectCache(new StorefleetRedis($host, $password));
    $isSet = $cache->set('page', [1], 'g', 0) && $cache->get('page', 'g') === [1];
    $isAdded = $cache->add('new', 1, 'g', 0) && !$cache->add('new', 2, 'g', 0) && $cache->replace('new', 3, 'g', 0) && !$cache->replace('no', 1, 'g', 0);
    $isCounted = $cache->count('new', 2, 'g') === 5 && $cache->delete('new', 'g') && $cache->flushGroup('g') && $cache->flush();
    check("serves the request alone when Redis $case", $isSet && $isAdded && $isCounted);
}

echo json_encode($holds);
