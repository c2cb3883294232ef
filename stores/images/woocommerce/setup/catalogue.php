<?php
// Eight products to begin with, as a small shop for things of everyday life would have them.

function fillCatalogue(string $currency): void
{
    foreach (samples() as $position => $sample) {
        if (wc_get_product_id_by_sku($sample['handle']) === 0) {
            addProduct($sample, $position, $currency);
        }
    }
}

/** Samples whose price nobody has changed cost as much in the new currency as a new shop would ask for them. */
function repriceSamples(string $from, string $to): void
{
    foreach (samples() as $sample) {
        $product = wc_get_product(wc_get_product_id_by_sku($sample['handle']));
        if ($product && (float) $product->get_regular_price() === priceIn($from, $sample['euros'])) {
            $product->set_regular_price((string) priceIn($to, $sample['euros']));
            $product->save();
        }
    }
}

function samples(): array
{
    return json_decode(file_get_contents(__DIR__ . '/products.json'), true);
}

function addProduct(array $sample, int $position, string $currency): void
{
    $product = new WC_Product_Simple();
    $product->set_props([
        'name' => $sample['title'],
        'slug' => $sample['handle'],
        'sku' => $sample['handle'],
        'short_description' => $sample['subtitle'],
        'description' => $sample['description'],
        'regular_price' => (string) priceIn($currency, $sample['euros']),
        'manage_stock' => true,
        'stock_quantity' => $sample['stock'],
        'weight' => (string) ($sample['weight'] / 1000),
        'menu_order' => $position,
        'category_ids' => [categoryOf($sample['category'])],
        'image_id' => pictureOf($sample['handle'], $sample['title']),
        'reviews_allowed' => false,
    ]);
    $product->save();
}

function categoryOf(string $name): int
{
    $known = term_exists($name, 'product_cat');
    return (int) ($known ?? wp_insert_term($name, 'product_cat'))['term_id'];
}

/** The attachment with a sample's picture: the one that a run which was cut off has made, or a new one. */
function pictureOf(string $handle, string $title): int
{
    $found = get_posts(['post_type' => 'attachment', 'name' => "sample-$handle", 'post_status' => 'any', 'fields' => 'ids']);
    $picture = $found[0] ?? uploadPicture($handle, $title);
    if (wp_get_attachment_metadata($picture) === false) {
        wp_update_attachment_metadata($picture, wp_generate_attachment_metadata($picture, get_attached_file($picture)));
    }
    return $picture;
}

function uploadPicture(string $handle, string $title): int
{
    $file = dirname(__DIR__) . "/pictures/$handle.jpg";
    $upload = wp_upload_bits("$handle.jpg", null, file_get_contents($file));
    if ($upload['error'] !== false) {
        fwrite(STDERR, "setup: the picture of $handle cannot be stored: {$upload['error']}\n");
        exit(1);
    }
    $picture = wp_insert_attachment(
        ['post_title' => $title, 'post_name' => "sample-$handle", 'post_mime_type' => 'image/jpeg', 'post_status' => 'inherit'],
        $upload['file'],
    );
    update_post_meta($picture, '_wp_attachment_image_alt', $title);
    return $picture;
}
