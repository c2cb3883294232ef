<?php
// How many units of a currency the sample catalogue asks for one euro. Round on purpose: these are shelf prices.

const PER_EURO = [
    'AED' => 4, 'CNY' => 8, 'CZK' => 25, 'DKK' => 7.5, 'HUF' => 400, 'INR' => 90, 'JPY' => 150, 'KRW' => 1500,
    'MXN' => 20, 'NOK' => 11, 'PLN' => 4, 'SEK' => 11, 'THB' => 40, 'TRY' => 45, 'ZAR' => 20,
];

/** The price of something that costs `$euros` in a European shop. */
function priceIn(string $currency, float $euros): float
{
    $factor = PER_EURO[$currency] ?? null;
    return $factor === null ? $euros : max(1, round($euros * $factor));
}
