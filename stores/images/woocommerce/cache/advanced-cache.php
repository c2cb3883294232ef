<?php
// Pages for visitors whom nobody knows yet: made once, then given to the next ones for at most a minute. WordPress loads
// this file before anything else, so that such a page costs it nothing. Whoever has a cart, an account or a question
// (a query) gets a page of their own; so does everybody on pages that say so, such as the checkout.

const STOREFLEET_PAGES = '/tmp/pages';
/** Servers beside this one learn of a change no later than this. The one that made it forgets its pages at once. */
const STOREFLEET_PAGE_SECONDS = 60;

if (PHP_SAPI !== 'cli') {
    storefleet_give_page();
}

/** Ends with a kept page, or goes on and keeps what comes out. */
function storefleet_give_page(): void
{
    if (!storefleet_is_anybody()) {
        return;
    }
    $scheme = isset($_SERVER['HTTPS']) ? 'https' : 'http';
    $file = STOREFLEET_PAGES . '/' . sha1("$scheme {$_SERVER['REQUEST_URI']}");
    $page = @filemtime($file) > time() - STOREFLEET_PAGE_SECONDS ? @file_get_contents($file) : false;
    if ($page !== false) {
        [$headers, $body] = explode("\n\n", $page, 2);
        array_map('header', explode("\n", $headers));
        header('X-Storefleet-Page: kept');
        exit($body);
    }
    ob_start(fn (string $page, int $phase): string => storefleet_keep_page($file, $page, $phase));
}

/** Whether any other visitor would get the same answer to this request. */
function storefleet_is_anybody(): bool
{
    $own = '~^(wordpress_|wp-|wp_woocommerce_|woocommerce_|comment_)~';
    return ($_SERVER['REQUEST_METHOD'] ?? '') === 'GET'
        && !str_contains($_SERVER['REQUEST_URI'], '?')
        && strlen($_SERVER['REQUEST_URI']) < 200
        && "http://{$_SERVER['HTTP_HOST']}" === preg_replace('~^https~', 'http', WP_HOME)
        && !isset($_SERVER['HTTP_AUTHORIZATION'])
        && preg_grep($own, array_keys($_COOKIE)) === [];
}

function storefleet_keep_page(string $file, string $page, int $phase): string
{
    $isWhole = ($phase & PHP_OUTPUT_HANDLER_START) !== 0 && ($phase & PHP_OUTPUT_HANDLER_FINAL) !== 0;
    $isForAll = http_response_code() === 200 && !defined('DONOTCACHEPAGE') && did_action('template_redirect') > 0
        && !is_user_logged_in() && !is_search() && str_contains($page, '</html>');
    $headers = headers_list();
    if ($isWhole && $isForAll && preg_grep('~^(set-cookie|cache-control|location):~i', $headers) === []) {
        @mkdir(STOREFLEET_PAGES);
        $kept = preg_grep('~^(content-type|link):~i', $headers);
        $new = tempnam(STOREFLEET_PAGES, 'new');
        file_put_contents($new, implode("\n", $kept) . "\n\n$page");
        rename($new, $file);
    }
    return $page;
}

/** What has changed may be on any page. */
function storefleet_forget_pages(): void
{
    array_map('unlink', glob(STOREFLEET_PAGES . '/*') ?: []);
}
