<?php
// WooCommerce as a run that was killed may have left it.

/** Installs what is missing. Without this, a mark of the dead run would keep WooCommerce from it for ten minutes. */
function healWooCommerce(): void
{
    global $wpdb;
    if (WC_Install::verify_base_tables(false) !== []) {
        // Features that only begin once the plugin is active bring tables of their own; these alone are quickly made.
        WC_Install::verify_base_tables(false, true);
    }
    for ($try = 0; ($lacks = lacks()) !== []; $try++) {
        if ($try === 2) {
            fwrite(STDERR, 'setup: WooCommerce still lacks ' . implode(', ', $lacks) . ".\n");
            exit(1);
        }
        say('completing WooCommerce: it lacks ' . implode(', ', $lacks));
        delete_transient('wc_installing');
        $wpdb->delete($wpdb->options, ['option_name' => 'wc_installing']);
        wp_cache_flush();
        WC_Install::install();
    }
    if (WC_Install::needs_db_update()) {
        updateTables();
    }
}

/** WooCommerce would leave its updates to background work, and sell meanwhile. */
function updateTables(): void
{
    require_once WC_ABSPATH . 'includes/wc-update-functions.php';
    $before = get_option('woocommerce_db_version');
    $newer = array_filter(WC_Install::get_db_update_callbacks(), fn (string $version) => version_compare($before, $version, '<'), ARRAY_FILTER_USE_KEY);
    foreach (array_merge(...array_values($newer)) as $update) {
        // An update that works in portions says whether there are more.
        while ($update()) {
            continue;
        }
    }
    WC_Install::update_db_version();
    foreach (['woocommerce_run_update_callback', 'woocommerce_update_db_to_current_version'] as $queued) {
        WC()->queue()->cancel_all($queued);
    }
    say("the tables of WooCommerce $before are those of " . get_option('woocommerce_db_version') . ' now');
}

/** @return string[] what a whole WooCommerce has and this one has not */
function lacks(): array
{
    $found = [
        'its version' => get_option('woocommerce_version') === WC()->version,
        'an end of its installation' => get_transient('wc_installing') === false && get_option('wc_installing') === false,
        'its roles' => get_role('shop_manager') !== null && get_role('customer') !== null,
        'tables' => WC_Install::verify_base_tables(false) === [],
    ];
    return array_keys(array_filter($found, fn (bool $is): bool => !$is));
}
