<?php
// Everything between a WooCommerce that is activated and a shop that sells. What the owner may change in the admin panel
// is set once; what the spec says is set again when the spec has changed.

require __DIR__ . '/environment.php';
foreach (['heal', 'address', 'settings', 'market', 'selling', 'storefront', 'prices', 'catalogue', 'rest-key'] as $part) {
    require __DIR__ . "/$part.php";
}

define('WP_ADMIN', true);
require WORDPRESS . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/admin.php';
wp_set_current_user(get_user_by('login', 'admin')->ID ?? 1);

$state = json_decode(get_option('storefleet_setup', '{}'), true);
$before = $state['wished'] ?? [];
$wished = wished();
$isNew = !isset($state['fingerprint']);

// A password that the owner has chosen since stays until the store's secrets are made anew.
$isRotated = ($state['rotation'] ?? 0) !== rotation();
if (!$isNew && ($state['fingerprint'] === 'snapshot' || $isRotated)) {
    wp_set_password(told('ADMIN_PASSWORD'), get_current_user_id());
}
healWooCommerce();
WC_Install::newly_installed();
followAddress(WP_HOME);
followSpec($wished, $before);
if ($isNew) {
    openShop();
    keepQuiet();
    useOrderTables();
    makePages();
    ship($wished['country'], $wished['currency']);
    takePayment();
    tidyStorefront();
} else {
    moveMarket($before, $wished);
}
ensureRestKey(told('REST_KEY'), told('REST_SECRET'));
if ($isNew && $wished['samples']) {
    fillCatalogue($wished['currency']);
}
finish();

/** The last thing written is that everything is done. */
function finish(): void
{
    global $wp_rewrite, $wished;
    wc_delete_product_transients();
    flush_rewrite_rules(false);
    // What WooCommerce has put off until later, while nobody waits for a page.
    ActionScheduler::runner()->run();
    update_option('storefleet_setup', wp_json_encode(['fingerprint' => fingerprint(), 'wished' => $wished, 'rotation' => rotation()]), true);
    // What was kept may be of an older version, or of an older address.
    wp_cache_flush();
}
