<?php
// Sets a shop up and disturbs that, in a container of the image. Says as JSON what the shop is like in the end.

const UPLOADS = '/usr/src/wordpress/wp-content/uploads';
$setup = ['php', "$argv[1]/main.php"];
$delays = array_map('intval', array_slice($argv, 2));

/** Given milliseconds, a set-up is killed after each of them; given `0`, two run at once. */
$disturb = function () use ($setup, $delays): void {
    foreach (array_filter($delays) as $delay) {
        killed($setup, $delay);
    }
    if ($delays === [0]) {
        array_map(proc_close(...), [begin($setup), begin($setup)]);
    }
};
echo json_encode(afterAll($setup, $disturb));

/** What a new shop is like after `$disturb`, a set-up that nobody kills, and one more. */
function afterAll(array $setup, callable $disturb): array
{
    $database = new mysqli(getenv('DATABASE_HOST'), 'shop', getenv('DATABASE_PASSWORD'));
    array_map($database->query(...), ['DROP DATABASE IF EXISTS shop', 'CREATE DATABASE shop']);
    exec('find ' . UPLOADS . ' -mindepth 1 -delete');
    $disturb();
    exec(implode(' ', $setup) . ' 2>&1', $log, $code);
    $shape = shape();
    exec(implode(' ', $setup) . ' 2>&1', $again);
    return ['code' => $code, ...$shape, 'second' => end($again), 'same' => shape() === $shape] + ($code === 0 ? [] : ['log' => $log]);
}

/** As a container dies: with all its processes. */
function killed(array $setup, int $delay): void
{
    $run = begin($setup);
    usleep($delay * 1000);
    exec('kill -9 -- -' . proc_get_status($run)['pid'] . ' 2>/dev/null');
    proc_close($run);
}

/** @return resource */
function begin(array $setup)
{
    return proc_open(['setsid', ...$setup], [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
}

/** Everything that could be there twice, or not at all. */
function shape(): array
{
    $database = new mysqli(getenv('DATABASE_HOST'), 'shop', getenv('DATABASE_PASSWORD'), 'shop');
    $ask = fn (string $query) => $database->query($query)->fetch_row()[0];
    return [
        'tables' => $ask("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'shop'"),
        'posts' => $ask("SELECT GROUP_CONCAT(post_type, ' ', post_name ORDER BY 1) FROM wp_posts WHERE post_type <> 'revision' AND post_status <> 'auto-draft'"),
        'products' => $ask("SELECT GROUP_CONCAT(sku, ' ', stock_quantity, ' ', max_price ORDER BY sku) FROM wp_wc_product_meta_lookup"),
        'options' => $ask("SELECT GROUP_CONCAT(option_name, '=', option_value ORDER BY 1) FROM wp_options WHERE option_name REGEXP '^woocommerce_(currency|price_num_decimals|default_country|specific_allowed_countries|flat_rate_1_settings)$' OR option_name IN ('blogname', 'admin_email', 'page_on_front', 'template')"),
        'shipping' => $ask('SELECT COUNT(*) FROM wp_woocommerce_shipping_zone_methods'),
        'places' => $ask('SELECT GROUP_CONCAT(location_code ORDER BY location_code) FROM wp_woocommerce_shipping_zone_locations'),
        'keys' => $ask('SELECT COUNT(*) FROM wp_woocommerce_api_keys'),
        'users' => $ask('SELECT GROUP_CONCAT(user_login, user_email) FROM wp_users'),
        'roles' => substr_count($ask("SELECT option_value FROM wp_options WHERE option_name = 'wp_user_roles'"), '"capabilities"'),
        'terms' => $ask('SELECT GROUP_CONCAT(name ORDER BY name) FROM wp_terms'),
        'open' => $ask("SELECT option_value FROM wp_options WHERE option_name = 'woocommerce_coming_soon'"),
        'marks' => $ask("SELECT COUNT(*) FROM wp_options WHERE option_name LIKE '%wc\\_installing%'"),
    ];
}
