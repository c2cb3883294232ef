<?php
// WooCommerce, which makes its own tables and roles while it is activated.

require __DIR__ . '/environment.php';

define('WP_ADMIN', true);
require WORDPRESS . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/admin.php';

if (!is_file(WP_PLUGIN_DIR . '/' . PLUGIN)) {
    refuse('no WooCommerce zip (set WOOCOMMERCE_ZIP)');
}
if (is_plugin_active(PLUGIN)) {
    exit(0);
}
// While it is loaded it asks tables that its activation makes a moment later; that is no news to anybody.
$wpdb->suppress_errors();
$result = activate_plugin(PLUGIN);
if (is_wp_error($result)) {
    refuse('WooCommerce cannot be activated: ' . trim(wp_strip_all_tags($result->get_error_message())));
}
