<?php
// The address of the shop is a setting, but what people have written holds links in full. They move with the shop.

/** Columns that hold what people have written, or settings with addresses in them: table, key, column. */
const WRITTEN = [
    ['posts', 'ID', 'post_content'],
    ['posts', 'ID', 'post_excerpt'],
    ['postmeta', 'meta_id', 'meta_value'],
    ['termmeta', 'meta_id', 'meta_value'],
    ['term_taxonomy', 'term_taxonomy_id', 'description'],
    ['comments', 'comment_ID', 'comment_content'],
    ['users', 'ID', 'user_url'],
    ['usermeta', 'umeta_id', 'meta_value'],
    ['wc_product_download_directories', 'url_id', 'url'],
    ['wc_admin_note_actions', 'action_id', 'query'],
    ['options', 'option_id', 'option_value'],
];

/**
 * Turns links to the shop's former address into links to `$address`. The former one is what WordPress has stored, and is
 * changed last, so that a run which was cut off is followed by one that completes it.
 */
function followAddress(string $address): void
{
    global $wpdb;
    $former = (string) $wpdb->get_var("SELECT option_value FROM $wpdb->options WHERE option_name = 'siteurl'");
    if ($former === '' || $former === $address) {
        return;
    }
    $host = preg_replace('~^https?://~', '', $former);
    foreach (WRITTEN as [$table, $key, $column]) {
        $like = '%' . $wpdb->esc_like($host) . '%';
        $isMark = $table === 'options' ? "AND option_name NOT IN ('siteurl', 'storefleet_setup')" : '';
        $rows = $wpdb->get_results($wpdb->prepare("SELECT $key AS id, $column AS text FROM {$wpdb->prefix}$table WHERE $column LIKE %s $isMark", $like));
        foreach ($rows as $row) {
            $wpdb->update($wpdb->prefix . $table, [$column => moved($row->text, $host, $address)], [$key => $row->id]);
        }
    }
    $wpdb->update($wpdb->options, ['option_value' => $address], ['option_name' => 'siteurl']);
    wp_cache_flush();
    // The shop in the image has the address of nobody.
    if (!str_ends_with($host, '.invalid')) {
        say("links to $former lead to $address now");
    }
}

/** A value with its links moved; in what PHP has serialized, every text counts its own letters and is moved alone. */
function moved(mixed $value, string $host, string $address): mixed
{
    if (is_string($value) && is_serialized($value)) {
        return serialize(moved(unserialize($value), $host, $address));
    }
    if (is_string($value)) {
        return movedLinks($value, $host, $address);
    }
    if (is_array($value)) {
        return array_map(fn ($inner) => moved($inner, $host, $address), $value);
    }
    if ($value instanceof stdClass) {
        return (object) moved((array) $value, $host, $address);
    }
    return $value;
}

/** Links in plain text and, with their slashes escaped, in JSON; `shop.example.com` is no part of `shop.example.community`. */
function movedLinks(string $text, string $host, string $address): string
{
    foreach (['/', '\\/'] as $slash) {
        $begin = preg_quote("$slash$slash$host", '~');
        $text = preg_replace_callback(
            "~https?:$begin(?![\\w:-]|\\.\\w)~",
            fn () => str_replace('/', $slash, $address),
            $text,
        );
    }
    return $text;
}
