<?php
// The tables of WordPress and its admin; after an update of WordPress, the changes of its tables.

require __DIR__ . '/environment.php';

define('WP_INSTALLING', true);
require WORDPRESS . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

if (get_option('storefleet_installed')) {
    if ((int) get_option('db_version') !== (int) $wp_db_version) {
        wp_upgrade();
    }
    exit(0);
}
// WordPress would ask itself over the network whether readable addresses work. They do.
add_filter('pre_option_permalink_structure', fn () => '/%postname%/');
// Safe to repeat: it keeps the tables and the user that a run which was cut off has made.
wp_install(told('STORE_NAME'), 'admin', told('ADMIN_EMAIL'), true, '', wp_slash(told('ADMIN_PASSWORD')));
update_option('storefleet_installed', gmdate('c'));
