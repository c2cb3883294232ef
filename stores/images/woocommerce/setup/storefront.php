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
    makeFooter();
}

/** Block themes show the newest menu there is, and every page of WordPress where there is none. */
function makeMenu(): void
{
    // WooCommerce puts the account and the cart beside it. The home link has no address of its own that could grow old.
    makeOnce('wp_navigation', 'storefleet-menu', 'Menu', '<!-- wp:home-link {"label":"Shop"} /-->');
}

/** The theme's own footer leads to pages that a shop does not have. */
function makeFooter(): void
{
    $footer = '<!-- wp:group {"align":"full","style":{"spacing":{"padding":{"top":"3rem","bottom":"3rem"}}},"layout":{"type":"constrained"}} -->'
        . '<div class="wp-block-group alignfull" style="padding-top:3rem;padding-bottom:3rem">'
        . '<!-- wp:site-title {"level":0,"align":"wide","fontSize":"medium"} /--></div><!-- /wp:group -->';
    $made = makeOnce('wp_template_part', 'footer', 'Footer', $footer);
    if ($made !== null) {
        wp_set_post_terms($made, [get_stylesheet()], 'wp_theme');
        wp_set_post_terms($made, ['footer'], 'wp_template_part_area');
    }
}

/** The post of that name; `null` when it was there already. */
function makeOnce(string $type, string $name, string $title, string $blocks): ?int
{
    if (get_posts(['post_type' => $type, 'name' => $name, 'post_status' => 'any']) !== []) {
        return null;
    }
    return wp_insert_post([
        'post_type' => $type,
        'post_name' => $name,
        'post_title' => $title,
        'post_status' => 'publish',
        // WordPress takes one level of slashes away, which would break the JSON of the blocks.
        'post_content' => wp_slash($blocks),
    ]);
}
