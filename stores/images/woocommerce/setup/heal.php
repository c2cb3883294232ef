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
        WC_Install::run_manual_database_update();
    }
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
