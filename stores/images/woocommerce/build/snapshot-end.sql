-- Not whole yet: the set-up of a store goes on from here.
UPDATE wp_options SET option_value = JSON_SET(option_value, '$.fingerprint', 'snapshot') WHERE option_name = 'storefleet_setup';
-- What was kept for a while only, and an address that was written into it.
DELETE FROM wp_options WHERE option_name REGEXP '^_(site_)?transient_' OR option_name LIKE 'action_scheduler_lock%';
-- The pictures have every size already.
DELETE FROM wp_options WHERE option_name LIKE 'wp\_1\_wc\_regenerate\_images\_batch%';
DELETE FROM wp_woocommerce_api_keys;
