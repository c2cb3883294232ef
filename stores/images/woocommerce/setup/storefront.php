<?php
// The theme, and what a customer sees first.

/** The newest of WordPress' own block themes in the image; the shop as its front page; a menu that says what there is. */
function tidyStorefront(): void
{
    foreach (['twentytwentyfive', 'twentytwentyfour', 'twentytwentythree', 'twentytwentytwo'] as $theme) {
        if (wp_get_theme($theme)->exists()) {
            switch_theme($theme);
            break;
        }
    }
    update_option('show_on_front', 'page');
    update_option('page_on_front', wc_get_page_id('shop'));
    foreach ([['hello-world', 'post'], ['sample-page', 'page']] as [$slug, $type]) {
        $sample = get_page_by_path($slug, OBJECT, $type);
        if ($sample !== null) {
            wp_delete_post($sample->ID, true);
        }
    }
    makeMenu();
}

/** Block themes show the newest menu there is, and every page of WordPress where there is none. */
function makeMenu(): void
{
    if (get_posts(['post_type' => 'wp_navigation', 'name' => 'storefleet-menu', 'post_status' => 'any']) !== []) {
        return;
    }
    $links = '';
    foreach (['Shop' => 'shop', 'Cart' => 'cart', 'My account' => 'myaccount'] as $label => $page) {
        $link = ['label' => $label, 'type' => 'page', 'id' => wc_get_page_id($page), 'url' => wc_get_page_permalink($page), 'kind' => 'post-type'];
        $links .= '<!-- wp:navigation-link ' . wp_json_encode($link) . ' /-->';
    }
    wp_insert_post([
        'post_type' => 'wp_navigation',
        'post_name' => 'storefleet-menu',
        'post_title' => 'Menu',
        'post_status' => 'publish',
        // WordPress takes one level of slashes away, which would break the JSON of the blocks.
        'post_content' => wp_slash($links),
    ]);
}
