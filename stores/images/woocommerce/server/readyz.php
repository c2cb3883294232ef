<?php
// Whether this pod can serve: PHP runs, and the database takes our password.
mysqli_report(MYSQLI_REPORT_OFF);
$connection = mysqli_init();
$connection->options(MYSQLI_OPT_CONNECT_TIMEOUT, 3);
[$host, $user] = [getenv('DATABASE_HOST') ?: 'mariadb', getenv('DATABASE_USER') ?: 'shop'];
$answers = $connection->real_connect($host, $user, (string) getenv('DATABASE_PASSWORD'), 'shop');
http_response_code($answers ? 200 : 503);
header('Content-Type: text/plain');
echo $answers ? "ok\n" : "The database does not answer.\n";
