<?php
// Which way versions may change: forwards.

/** The value of a line such as `$wp_db_version = 60717;` or ` * Version: 11.0.1`; `null` when the file is not there. */
function versionIn(string $file, string $pattern): ?string
{
    $text = is_file($file) ? file_get_contents($file) : '';
    return preg_match($pattern, $text, $found) === 1 ? $found[1] : null;
}

/** Refuses a database that a newer version has changed: nobody can say what the older one would make of it. */
function refuseDowngrade(mysqli $database): void
{
    $core = WORDPRESS . '/wp-includes/version.php';
    $ours = versionIn($core, '/\$wp_db_version = (\d+)/');
    $theirs = stored($database, 'db_version');
    if ($theirs !== null && (int) $theirs > (int) $ours) {
        $version = versionIn($core, "/\\\$wp_version = '([^']+)'/");
        refuse("This store was run by a newer WordPress than $version and cannot go back. Use the newer image, or restore a backup.");
    }
    $shop = versionIn(WORDPRESS . '/wp-content/plugins/' . PLUGIN, '/^ \* Version: (\S+)/m');
    $before = stored($database, 'woocommerce_version');
    if ($shop !== null && $before !== null && version_compare($before, $shop, '>')) {
        refuse("This store was run by WooCommerce $before and cannot go back to $shop. Use the newer image, or restore a backup.");
    }
}
