<?php
// What the set-up is told, and how it speaks.

const WORDPRESS = '/usr/src/wordpress';
const PLUGIN = 'woocommerce/woocommerce.php';
/** How configuration errors end a program (EX_CONFIG of sysexits.h): doing the same again would not help. */
const HOPELESS = 78;

/** What the spec says about the shop. A change of one of these reaches a shop that is set up already. */
function wished(): array
{
    return [
        'name' => told('STORE_NAME'),
        'currency' => strtoupper(told('STORE_CURRENCY')),
        'country' => strtoupper(told('STORE_COUNTRY')),
        'samples' => told('SAMPLE_DATA') === 'true',
        'address' => told('STORE_URL'),
    ];
}

function told(string $name): string
{
    $value = getenv($name);
    if ($value === false || $value === '') {
        refuse("$name is not set.");
    }
    return $value;
}

/** How often the store's secrets have been made anew. */
function rotation(): int
{
    return (int) getenv('ROTATION');
}

function say(string $line): void
{
    fwrite(STDOUT, "setup: $line\n");
}

/** Ends with a sentence for a person; the cluster keeps it as the reason of the container's end. */
function refuse(string $sentence): never
{
    fwrite(STDERR, "setup: $sentence\n");
    @file_put_contents('/dev/termination-log', $sentence);
    exit(HOPELESS);
}

/** Changes with the code of the image and with what was asked for; the same means there is nothing to do. */
function fingerprint(): string
{
    $parts = [json_encode(wished())];
    $files = [...glob(__DIR__ . '/*'), WORDPRESS . '/wp-includes/version.php', WORDPRESS . '/wp-content/plugins/' . PLUGIN];
    foreach (array_filter($files, 'is_file') as $file) {
        $parts[] = hash_file('sha256', $file);
    }
    if (rotation() > 0) {
        $parts[] = 'rotation ' . rotation();
    }
    return hash('sha256', implode("\n", $parts));
}
