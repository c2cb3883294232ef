<?php
// The functions by which WordPress and its plugins use the cache; each does what its namesake in wp-includes/cache.php
// says. A store is one site, so nothing is kept apart by site.

function wp_cache_init(): void
{
    $redis = new StorefleetRedis((string) getenv('REDIS_HOST'), (string) getenv('REDIS_PASSWORD'));
    $GLOBALS['wp_object_cache'] = new StorefleetObjectCache($redis);
}

function storefleet_cache(): StorefleetObjectCache
{
    return $GLOBALS['wp_object_cache'];
}

function storefleet_cache_group(mixed $group): string
{
    return empty($group) ? 'default' : (string) $group;
}

/** Whether something can be kept under the key; complains as WordPress does. */
function storefleet_cache_key(mixed $key): bool
{
    $isKey = is_int($key) || (is_string($key) && trim($key) !== '');
    if (!$isKey && function_exists('__')) {
        _doing_it_wrong('wp_cache', 'A cache key must be a whole number or a text that is not empty.', '6.1.0');
    }
    return $isKey;
}

function wp_cache_add($key, $data, $group = '', $expire = 0)
{
    $isRefused = (function_exists('wp_suspend_cache_addition') && wp_suspend_cache_addition()) || !storefleet_cache_key($key);
    return !$isRefused && storefleet_cache()->add($key, $data, storefleet_cache_group($group), (int) $expire);
}

function wp_cache_add_multiple(array $data, $group = '', $expire = 0)
{
    return storefleet_cache_each($data, fn ($key, $value) => wp_cache_add($key, $value, $group, $expire));
}

function wp_cache_replace($key, $data, $group = '', $expire = 0)
{
    return storefleet_cache_key($key) && storefleet_cache()->replace($key, $data, storefleet_cache_group($group), (int) $expire);
}

function wp_cache_set($key, $data, $group = '', $expire = 0)
{
    return storefleet_cache_key($key) && storefleet_cache()->set($key, $data, storefleet_cache_group($group), (int) $expire);
}

function wp_cache_set_multiple(array $data, $group = '', $expire = 0)
{
    return storefleet_cache_each($data, fn ($key, $value) => wp_cache_set($key, $value, $group, $expire));
}

function wp_cache_get($key, $group = '', $force = false, &$found = null)
{
    $found = false;
    return storefleet_cache_key($key) ? storefleet_cache()->get($key, storefleet_cache_group($group), (bool) $force, $found) : false;
}

function wp_cache_get_multiple($keys, $group = '', $force = false)
{
    $valid = array_values(array_filter((array) $keys, 'storefleet_cache_key'));
    $found = storefleet_cache()->getMultiple($valid, storefleet_cache_group($group), (bool) $force);
    return $found + array_fill_keys((array) $keys, false);
}

function wp_cache_delete($key, $group = '')
{
    return storefleet_cache_key($key) && storefleet_cache()->delete($key, storefleet_cache_group($group));
}

function wp_cache_delete_multiple(array $keys, $group = '')
{
    return storefleet_cache_each(array_fill_keys($keys, null), fn ($key) => wp_cache_delete($key, $group));
}

function wp_cache_incr($key, $offset = 1, $group = '')
{
    return storefleet_cache_key($key) ? storefleet_cache()->count($key, (int) $offset, storefleet_cache_group($group)) : false;
}

function wp_cache_decr($key, $offset = 1, $group = '')
{
    return storefleet_cache_key($key) ? storefleet_cache()->count($key, -(int) $offset, storefleet_cache_group($group)) : false;
}

function wp_cache_flush()
{
    return storefleet_cache()->flush();
}

function wp_cache_flush_runtime()
{
    return storefleet_cache()->flushRequest();
}

function wp_cache_flush_group($group)
{
    return storefleet_cache()->flushGroup(storefleet_cache_group($group));
}

function wp_cache_supports($feature)
{
    return in_array($feature, ['add_multiple', 'set_multiple', 'get_multiple', 'delete_multiple', 'flush_runtime', 'flush_group'], true);
}

function wp_cache_close()
{
    return true;
}

function wp_cache_add_global_groups($groups): void
{
}

function wp_cache_add_non_persistent_groups($groups): void
{
    storefleet_cache()->keepToRequest((array) $groups);
}

function wp_cache_switch_to_blog($blog): void
{
}

function wp_cache_reset(): void
{
}

function storefleet_cache_each(array $data, callable $work): array
{
    $results = [];
    foreach ($data as $key => $value) {
        $results[$key] = $work($key, $value);
    }
    return $results;
}
