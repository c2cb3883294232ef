<?php
// The servers of the store before WordPress runs.

mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);

/** Waits for the database, up to two minutes: it starts at the same time as we do. */
function connect(): mysqli
{
    $deadline = microtime(true) + 120;
    [$host, $user] = [getenv('DATABASE_HOST') ?: 'mariadb', getenv('DATABASE_USER') ?: 'shop'];
    while (true) {
        try {
            return new mysqli($host, $user, told('DATABASE_PASSWORD'), 'shop');
        } catch (mysqli_sql_exception $problem) {
            if (microtime(true) > $deadline) {
                fwrite(STDERR, "setup: the database does not answer: {$problem->getMessage()}\n");
                exit(1);
            }
            usleep(100_000);
        }
    }
}

/**
 * Waits for Redis where the plan has one: what is changed past it would be shown as it was before for an hour. It starts
 * sooner than the database, so this hardly ever waits.
 */
function awaitCache(): void
{
    $host = getenv('REDIS_HOST');
    $deadline = microtime(true) + 60;
    while ($host && @fsockopen($host, 6379, timeout: 1) === false) {
        if (microtime(true) > $deadline) {
            fwrite(STDERR, "setup: Redis does not answer.\n");
            exit(1);
        }
        usleep(100_000);
    }
}

/** One set-up at a time, however many pods start. The lock ends with the connection, so a killed set-up holds nothing. */
function lock(mysqli $database): void
{
    $taken = $database->query("SELECT GET_LOCK('storefleet-setup', 540)")->fetch_row()[0];
    if ((int) $taken !== 1) {
        fwrite(STDERR, "setup: another set-up has been at work for nine minutes.\n");
        exit(1);
    }
}

/** A row of WordPress' options; `null` while there is none, or no WordPress yet. */
function stored(mysqli $database, string $name): ?string
{
    try {
        $query = $database->prepare('SELECT option_value FROM wp_options WHERE option_name = ?');
        $query->execute([$name]);
        return $query->get_result()->fetch_row()[0] ?? null;
    } catch (mysqli_sql_exception $problem) {
        if ($problem->getCode() === 1146) {
            return null;
        }
        throw $problem;
    }
}
