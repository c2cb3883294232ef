<?php
// WordPress loads this file in place of its own cache, which forgets everything at the end of a request. Where the plan
// has no Redis it defines nothing, and WordPress goes on with its own.

if (!getenv('REDIS_HOST') || !extension_loaded('redis')) {
    return;
}
require '/opt/storefleet/cache/connection.php';
require '/opt/storefleet/cache/redis-object-cache.php';
require '/opt/storefleet/cache/functions.php';
