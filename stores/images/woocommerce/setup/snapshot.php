<?php
// Most of a set-up is making what every shop begins with. The image holds such a shop, which was set up while the image
// was built (build/snapshot.sh); a store begins with a copy of it and makes that its own.

const SNAPSHOTS = '/opt/storefleet/shops';
const NOBODYS_ADDRESS = 'http://storefleet.invalid';
const NOBODYS_EMAIL = 'owner@storefleet.invalid';

/**
 * Copies the image's shop into a database that holds none. Its rows come at once or not at all, so a run that was cut off
 * is followed by one that begins again. Returns whether there was something to copy.
 */
function beginWithSnapshot(mysqli $database): bool
{
    $kind = SNAPSHOTS . '/' . (wished()['samples'] ? 'samples' : 'plain');
    if (!is_dir($kind) || stored($database, 'storefleet_installed') !== null) {
        return false;
    }
    copyFolder("$kind/uploads", WORDPRESS . '/wp-content/uploads');
    runFile($database, "$kind/tables.sql");
    $database->begin_transaction();
    runFile($database, "$kind/rows.sql");
    makeOwn($database);
    $database->commit();
    return true;
}

/** What would tell that the shop is somebody else's, or older than it is. The rest is up to phase-configure.php. */
function makeOwn(mysqli $database): void
{
    $age = max(0, time() - strtotime(stored($database, 'storefleet_installed')));
    $dates = array_map(fn (string $column) => "$column = $column + INTERVAL $age SECOND", ['post_date', 'post_date_gmt', 'post_modified', 'post_modified_gmt']);
    $database->query('UPDATE wp_posts SET ' . implode(', ', $dates) . " WHERE post_date_gmt > '1970-01-01'");
    $database->execute_query('UPDATE wp_posts SET guid = REPLACE(guid, ?, ?)', [NOBODYS_ADDRESS, told('STORE_URL')]);
    $database->execute_query('UPDATE wp_users SET user_email = ?, user_registered = UTC_TIMESTAMP()', [told('ADMIN_EMAIL')]);
    foreach ($database->execute_query('SELECT option_name, option_value FROM wp_options WHERE option_value LIKE ?', ['%' . NOBODYS_EMAIL . '%']) as $row) {
        ownOption($database, $row['option_name'], withOwner($row['option_value']));
    }
    $own = [
        'woocommerce_store_id' => $database->query('SELECT UUID()')->fetch_row()[0],
        'woocommerce_remote_variant_assignment' => random_int(1, 120),
        'woocommerce_maxmind_geolocation_settings' => serialize(['database_prefix' => bin2hex(random_bytes(16))]),
        'woocommerce_admin_install_timestamp' => time(),
        'admin_email_lifespan' => time() + 6 * 30 * 24 * 3600,
        'storefleet_installed' => gmdate('c'),
    ];
    foreach ($own as $name => $value) {
        ownOption($database, $name, (string) $value);
    }
}

function ownOption(mysqli $database, string $name, string $value): void
{
    $database->execute_query('UPDATE wp_options SET option_value = ? WHERE option_name = ?', [$value, $name]);
}

/** In what PHP has serialized, every text counts its own letters. */
function withOwner(string $text): string
{
    $fields = @unserialize($text, ['allowed_classes' => false]);
    $replace = fn (mixed $value) => $value === NOBODYS_EMAIL ? told('ADMIN_EMAIL') : $value;
    return is_array($fields) ? serialize(array_map($replace, $fields)) : $replace($text);
}

function runFile(mysqli $database, string $file): void
{
    $database->multi_query(file_get_contents($file));
    while ($database->more_results()) {
        $database->next_result();
    }
}

/** Files that are there already are written again: they are of a run that was cut off. */
function copyFolder(string $from, string $to): void
{
    if (!is_dir($to)) {
        mkdir($to);
    }
    foreach (array_diff(scandir($from), ['.', '..']) as $name) {
        if (is_dir("$from/$name")) {
            copyFolder("$from/$name", "$to/$name");
        } elseif (!copy("$from/$name", "$to/$name")) {
            fwrite(STDERR, "setup: $to/$name cannot be written.\n");
            exit(1);
        }
    }
}
