<?php
/**
 * Plugin Name: Storefleet
 * Description: What a store of Storefleet does differently from any WordPress.
 */

defined('ABSPATH') || exit;

// The set-up has answered what the wizard would ask.
add_filter('woocommerce_enable_setup_wizard', '__return_false');
add_filter('woocommerce_prevent_automatic_wizard_redirect', '__return_true');
add_filter('woocommerce_allow_marketplace_suggestions', '__return_false');

// There is no mail server in a store. WordPress would wait for one at each checkout.
add_filter('pre_wp_mail', fn ($sent) => $sent ?? true);

// Background work is done by the CronJob; requests of the server to itself would not get through its walls.
add_filter('action_scheduler_allow_async_request_runner', '__return_false');

// Nothing can be updated from inside, so nobody needs to ask for updates.
foreach (['update_core', 'update_plugins', 'update_themes'] as $storefleet_updates) {
    add_filter("pre_site_transient_{$storefleet_updates}", fn () => (object) [
        'last_checked' => time(),
        'version_checked' => $GLOBALS['wp_version'],
        'updates' => [],
        'response' => [],
        'translations' => [],
        'no_update' => [],
        'checked' => [],
    ]);
}
foreach (['wp_version_check', 'wp_update_plugins', 'wp_update_themes', 'wp_https_detection'] as $storefleet_event) {
    remove_all_actions($storefleet_event);
}

// Pages that ask other sites for news cost the admin seconds and get none.
add_action('wp_dashboard_setup', function (): void {
    remove_meta_box('dashboard_primary', 'dashboard', 'side');
});
// A site that cannot reach itself over the ingress is not ill.
add_filter('site_status_tests', function (array $tests): array {
    unset($tests['async']['loopback_requests'], $tests['async']['dotorg_communication'], $tests['async']['background_updates']);
    return $tests;
});

// A change is seen at once by whoever comes to this server; see advanced-cache.php for the others.
foreach (['clean_post_cache', 'edited_terms', 'switch_theme', 'woocommerce_product_set_stock', 'woocommerce_variation_set_stock'] as $storefleet_event) {
    add_action($storefleet_event, 'storefleet_forget_pages', 10, 0);
}
add_action('updated_option', function (): void {
    if (is_admin()) {
        storefleet_forget_pages();
    }
});
