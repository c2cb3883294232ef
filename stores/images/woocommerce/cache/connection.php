<?php
// The way to the store's Redis, from which everything may be lost at any time.

/** Runs commands until one fails; from then on this request does without Redis. */
final class StorefleetRedis
{
    private ?Redis $server = null;

    public function __construct(string $host, string $password)
    {
        $this->try(function () use ($host, $password): void {
            $server = new Redis();
            // Kept open by the worker for its next request.
            $server->pconnect($host, 6379, 0.5);
            $server->auth($password);
            $server->setOption(Redis::OPT_READ_TIMEOUT, 2);
            $this->server = $server;
        });
    }

    public function answers(): bool
    {
        return $this->server !== null;
    }

    /**
     * @param callable(Redis): mixed $work
     * @return mixed what `$work` returns; `$without` where Redis does not answer
     */
    public function ask(callable $work, mixed $without = null): mixed
    {
        return $this->server === null ? $without : $this->try(fn () => $work($this->server), $without);
    }

    private function try(callable $work, mixed $without = null): mixed
    {
        try {
            return $work();
        } catch (RedisException $problem) {
            error_log("Redis does not answer, this request does without: {$problem->getMessage()}");
            $this->server = null;
            return $without;
        }
    }
}
