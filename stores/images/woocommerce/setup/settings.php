<?php
// Options of the shop.

/** What the spec says, where it differs from what it said before. */
function followSpec(array $wished, array $before): void
{
    $changed = fn (string $key): bool => ($before[$key] ?? null) !== $wished[$key];
    if ($changed('name')) {
        update_option('blogname', esc_html($wished['name']));
        update_option('woocommerce_email_from_name', $wished['name']);
    }
    if ($changed('currency')) {
        update_option('woocommerce_currency', $wished['currency']);
        $whole = in_array($wished['currency'], WITHOUT_CENTS, true);
        update_option('woocommerce_price_num_decimals', $whole ? '0' : '2');
    }
    if ($changed('country')) {
        update_option('woocommerce_default_country', $wished['country']);
        update_option('woocommerce_allowed_countries', 'specific');
        update_option('woocommerce_specific_allowed_countries', marketOf($wished['country']));
        update_option('woocommerce_ship_to_countries', '');
    }
}

/** Currencies that people pay without a fraction. */
const WITHOUT_CENTS = ['BIF', 'CLP', 'DJF', 'GNF', 'HUF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'VND', 'XAF', 'XOF', 'XPF'];

function openShop(): void
{
    setOptions([
        'blogdescription' => '',
        'timezone_string' => 'UTC',
        'woocommerce_coming_soon' => 'no',
        'woocommerce_store_pages_only' => 'no',
        'woocommerce_private_link' => 'no',
        'woocommerce_enable_guest_checkout' => 'yes',
        'woocommerce_manage_stock' => 'yes',
        'woocommerce_calc_taxes' => 'no',
        'woocommerce_default_customer_address' => 'base',
        'default_comment_status' => 'closed',
        'default_ping_status' => 'closed',
        'woocommerce_store_address' => '1 Market Street',
        'woocommerce_store_city' => 'Market Town',
        'woocommerce_store_postcode' => '',
    ]);
}

/** No wizard, no lists of tasks, no advertisements, no reports to anybody. */
function keepQuiet(): void
{
    $lists = ['setup', 'extended'];
    setOptions([
        'woocommerce_onboarding_profile' => ['skipped' => true, 'completed' => true],
        'woocommerce_task_list_hidden_lists' => $lists,
        'woocommerce_task_list_completed_lists' => $lists,
        'woocommerce_task_list_hidden' => 'yes',
        'woocommerce_allow_tracking' => 'no',
        'woocommerce_show_marketplace_suggestions' => 'no',
        'woocommerce_merchant_email_notifications' => 'no',
    ]);
    delete_transient('_wc_activation_redirect');
}

/** Orders in tables of their own ("HPOS") and nowhere else. */
function useOrderTables(): void
{
    $features = wc_get_container()->get(Automattic\WooCommerce\Internal\Features\FeaturesController::class);
    if (!Automattic\WooCommerce\Utilities\OrderUtil::custom_orders_table_usage_is_enabled()) {
        wc_get_container()->get(Automattic\WooCommerce\Internal\DataStores\Orders\DataSynchronizer::class)->create_database_tables();
        $features->change_feature_enable('custom_order_tables', true);
    }
    update_option('woocommerce_custom_orders_table_data_sync_enabled', 'no');
}

function setOptions(array $options): void
{
    foreach ($options as $name => $value) {
        update_option($name, $value);
    }
}
