<?php
// The key with which the owner's programs, and the proof that the store sells, use the REST API.

/** WooCommerce keeps a hash of the key and finds it by that. */
function ensureRestKey(string $key, string $secret): void
{
    global $wpdb;
    $table = "{$wpdb->prefix}woocommerce_api_keys";
    $row = [
        'user_id' => get_current_user_id(),
        'description' => 'Storefleet',
        'permissions' => 'read_write',
        'consumer_key' => wc_api_hash($key),
        'consumer_secret' => $secret,
        'truncated_key' => substr($key, -7),
    ];
    $known = $wpdb->get_row($wpdb->prepare("SELECT consumer_key, consumer_secret FROM $table WHERE description = %s", 'Storefleet'), ARRAY_A);
    if ($known === null) {
        $wpdb->insert($table, $row);
    } elseif ($known['consumer_key'] !== $row['consumer_key'] || $known['consumer_secret'] !== $secret) {
        $wpdb->update($table, $row, ['description' => 'Storefleet']);
    }
}
