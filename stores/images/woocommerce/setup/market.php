<?php
// Where a new shop sells to: a shop in the European single market to all of it, any other to its own country.

const SINGLE_MARKET = ['AT', 'BE', 'BG', 'HR', 'CY', 'CZ', 'DK', 'EE', 'FI', 'FR', 'DE', 'GR', 'HU', 'IE', 'IT', 'LV', 'LT', 'LU', 'MT', 'NL', 'PL', 'PT', 'RO', 'SK', 'SI', 'ES', 'SE'];

/** @return string[] codes of countries, the shop's own first */
function marketOf(string $country): array
{
    return in_array($country, SINGLE_MARKET, true) ? array_values(array_unique([$country, ...SINGLE_MARKET])) : [$country];
}
