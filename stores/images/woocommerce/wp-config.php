<?php
// WordPress as a store of Storefleet runs it: everything that differs between stores comes from the environment.

function storefleet_environment(string $name, string $default = ''): string
{
    $value = getenv($name);
    return $value === false || $value === '' ? $default : $value;
}

define('DB_NAME', 'shop');
define('DB_USER', storefleet_environment('DATABASE_USER', 'shop'));
define('DB_PASSWORD', storefleet_environment('DATABASE_PASSWORD'));
define('DB_HOST', storefleet_environment('DATABASE_HOST', 'mariadb'));
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
$table_prefix = 'wp_';

// They sign sessions and carts: stable for the life of a store, or every customer is signed out.
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $storefleet_scheme) {
    define("{$storefleet_scheme}_KEY", storefleet_environment("{$storefleet_scheme}_KEY"));
    define("{$storefleet_scheme}_SALT", storefleet_environment("{$storefleet_scheme}_SALT"));
}

// The address is a setting, not a row of the database, so a new domain breaks no link of WordPress' own.
define('WP_HOME', storefleet_environment('STORE_URL', 'http://localhost:8080'));
define('WP_SITEURL', WP_HOME);
// The ingress controller ends TLS, and Traefik and its like let nobody else say that it did.
if (($_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '') === 'https') {
    $_SERVER['HTTPS'] = 'on';
}
if (PHP_SAPI === 'cli') {
    // An error in the log, not a page about it.
    define('WP_DISABLE_FATAL_ERROR_HANDLER', true);
    $_SERVER['HTTP_HOST'] ??= parse_url(WP_HOME, PHP_URL_HOST);
    $_SERVER['REQUEST_URI'] ??= '/';
    $_SERVER['REQUEST_METHOD'] ??= 'GET';
    $_SERVER['SERVER_PROTOCOL'] ??= 'HTTP/1.1';
}

// Pages for visitors whom nobody knows yet come from advanced-cache.php.
define('WP_CACHE', true);

// The code is the image's. A new version comes with a new image, never from inside a store.
define('DISALLOW_FILE_MODS', true);
define('DISALLOW_FILE_EDIT', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_AUTO_UPDATE_CORE', false);
// A CronJob does what is due, so that no customer waits for it.
define('DISABLE_WP_CRON', true);
// A store's walls let nothing out, and waiting for that to be found out would make every page of the admin slow.
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('WP_DEBUG', false);
define('WP_DEBUG_DISPLAY', false);
define('WP_MEMORY_LIMIT', '256M');
define('FS_METHOD', 'direct');
define('WP_POST_REVISIONS', 10);

if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
require_once ABSPATH . 'wp-settings.php';
