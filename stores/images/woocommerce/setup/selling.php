<?php
// Pages, shipping and payment.

const SHIPPING_ZONE = 'Standard shipping';

/** Cart, checkout and account, where WooCommerce has not made them yet; and addresses that people can read. */
function makePages(): void
{
    global $wp_rewrite;
    foreach (['shop', 'cart', 'checkout', 'myaccount'] as $page) {
        if (get_post_status(wc_get_page_id($page)) !== 'publish') {
            WC_Install::create_pages();
            break;
        }
    }
    $wp_rewrite->set_permalink_structure('/%postname%/');
    update_option('woocommerce_permalinks', [
        'product_base' => '/product',
        'category_base' => 'product-category',
        'tag_base' => 'product-tag',
        'attribute_base' => '',
        'use_verbose_page_rules' => false,
    ]);
}

/** One price for a parcel, wherever the shop sells to. The owner changes it under Settings, Shipping. */
function ship(string $country, string $currency): void
{
    $zone = shippingZone();
    shipTo($zone, $country);
    if ($zone->get_shipping_methods() === []) {
        setParcelPrice($zone->add_shipping_method('flat_rate'), parcelPrice($currency));
    }
    WC_Cache_Helper::get_transient_version('shipping', true);
}

/** Another country or currency, in a shop that has its own prices already: only what is still ours is changed. */
function moveMarket(array $before, array $wished): void
{
    if ($before['country'] !== $wished['country']) {
        shipTo(shippingZone(), $wished['country']);
    }
    if ($before['currency'] !== $wished['currency']) {
        foreach (array_keys(shippingZone()->get_shipping_methods()) as $method) {
            $settings = get_option("woocommerce_flat_rate_{$method}_settings");
            if (($settings['cost'] ?? null) === parcelPrice($before['currency'])) {
                setParcelPrice($method, parcelPrice($wished['currency']));
            }
        }
        repriceSamples($before['currency'], $wished['currency']);
    }
    WC_Cache_Helper::get_transient_version('shipping', true);
}

/** The zone that the set-up made; a new one where the owner has taken it away. */
function shippingZone(): WC_Shipping_Zone
{
    $ours = array_filter(WC_Shipping_Zones::get_zones(), fn (array $zone): bool => $zone['zone_name'] === SHIPPING_ZONE);
    return $ours === [] ? new WC_Shipping_Zone() : new WC_Shipping_Zone(array_key_first($ours));
}

function shipTo(WC_Shipping_Zone $zone, string $country): void
{
    $zone->set_zone_name(SHIPPING_ZONE);
    $zone->set_locations(array_map(fn (string $code) => ['code' => $code, 'type' => 'country'], marketOf($country)));
    $zone->save();
}

function parcelPrice(string $currency): string
{
    return (string) priceIn($currency, 5);
}

function setParcelPrice(int $method, string $cost): void
{
    update_option("woocommerce_flat_rate_{$method}_settings", ['title' => 'Standard', 'tax_status' => 'none', 'cost' => $cost]);
}

function takePayment(): void
{
    update_option('woocommerce_cod_settings', [
        'enabled' => 'yes',
        'title' => 'Payment on delivery',
        'description' => 'Pay when the parcel arrives.',
        'instructions' => 'Pay when the parcel arrives.',
        'enable_for_methods' => [],
        'enable_for_virtual' => 'yes',
    ]);
}
