<?php
// What WordPress asks of an object cache, kept in Redis for every request of every server of the store.

/** As `WP_Object_Cache`, which documents each method; plugins look at these two counts. */
final class StorefleetObjectCache
{
    public int $cache_hits = 0;
    public int $cache_misses = 0;

    /** Seconds after which what has no end of its own is asked of the database again. */
    private const LONGEST = 3600;

    /** Adds to a number that is there, in one step, so that two requests never count as one; never below 0. */
    private const COUNT = <<<'LUA'
        local value = redis.call('GET', KEYS[1])
        if not value then return false end
        local sum = math.max((tonumber(value) or 0) + tonumber(ARGV[1]), 0)
        redis.call('SET', KEYS[1], string.format('%d', sum), 'KEEPTTL')
        return sum
        LUA;

    /** @var array<string, mixed> what this request has read or written, by key */
    private array $known = [];
    /** @var array<string, true> groups that no other request may see */
    private array $ownGroups = [];

    public function __construct(private readonly StorefleetRedis $redis)
    {
    }

    /** @param string[] $groups */
    public function keepToRequest(array $groups): void
    {
        $this->ownGroups += array_fill_keys($groups, true);
    }

    public function get(int|string $key, string $group, bool $force = false, ?bool &$found = null): mixed
    {
        $values = $this->getMultiple([$key], $group, $force, $missing);
        $found = $missing === [];
        return $values[$key];
    }

    /**
     * @param array<int|string> $keys
     * @param array<int|string>|null $missing those that are not there; their value is `false`
     */
    public function getMultiple(array $keys, string $group, bool $force = false, ?array &$missing = null): array
    {
        $names = array_combine($keys, array_map(fn ($key) => $this->name($key, $group), $keys));
        $isOwn = isset($this->ownGroups[$group]);
        $unknown = $isOwn ? [] : array_filter($names, fn (string $name) => $force || !$this->isKnown($name));
        if ($unknown !== []) {
            $this->remember(array_values($unknown));
        }
        $missing = [];
        foreach ($names as $key => $name) {
            $isThere = $this->isKnown($name);
            $isThere ? $this->cache_hits++ : $this->cache_misses++;
            if (!$isThere) {
                $missing[] = $key;
            }
            $values[$key] = $isThere ? $this->copy($this->known[$name]) : false;
        }
        return $values ?? [];
    }

    public function set(int|string $key, mixed $value, string $group, int $seconds): bool
    {
        return $this->write($key, $value, $group, $seconds, []);
    }

    /** Only where there is nothing yet, whichever request was first. */
    public function add(int|string $key, mixed $value, string $group, int $seconds): bool
    {
        $isTaken = !$this->redis->answers() || isset($this->ownGroups[$group]) ? $this->isKnown($this->name($key, $group)) : false;
        return !$isTaken && $this->write($key, $value, $group, $seconds, ['nx']);
    }

    /** Only where there is something already. */
    public function replace(int|string $key, mixed $value, string $group, int $seconds): bool
    {
        $isMissing = !$this->redis->answers() || isset($this->ownGroups[$group]) ? !$this->isKnown($this->name($key, $group)) : false;
        return !$isMissing && $this->write($key, $value, $group, $seconds, ['xx']);
    }

    public function delete(int|string $key, string $group): bool
    {
        $name = $this->name($key, $group);
        $wasKnown = $this->isKnown($name);
        unset($this->known[$name]);
        if (isset($this->ownGroups[$group])) {
            return $wasKnown;
        }
        return (bool) $this->redis->ask(fn (Redis $redis) => $redis->unlink($name), $wasKnown);
    }

    /** The new number; `false` where there is none to add to. */
    public function count(int|string $key, int $by, string $group): int|false
    {
        $name = $this->name($key, $group);
        if (isset($this->ownGroups[$group]) || !$this->redis->answers()) {
            if (!$this->isKnown($name)) {
                return false;
            }
            $value = $this->known[$name];
            return $this->known[$name] = max(0, (is_numeric($value) ? (int) $value : 0) + $by);
        }
        $sum = $this->redis->ask(fn (Redis $redis) => $redis->eval(self::COUNT, [$name, $by], 1), false);
        if ($sum === false) {
            unset($this->known[$name]);
            return false;
        }
        return $this->known[$name] = (int) $sum;
    }

    public function flush(): bool
    {
        $this->known = [];
        return (bool) $this->redis->ask(fn (Redis $redis) => $redis->flushDB(), true);
    }

    public function flushRequest(): bool
    {
        $this->known = [];
        return true;
    }

    public function flushGroup(string $group): bool
    {
        $begin = $this->name('', $group);
        $this->known = array_filter($this->known, fn (string $name) => !str_starts_with($name, $begin), ARRAY_FILTER_USE_KEY);
        return (bool) $this->redis->ask(function (Redis $redis) use ($begin): bool {
            $redis->setOption(Redis::OPT_SCAN, Redis::SCAN_RETRY);
            $place = null;
            while (($names = $redis->scan($place, addcslashes($begin, '*?[]\\^') . '*', 500)) !== false) {
                $redis->unlink($names);
            }
            return true;
        }, true);
    }

    /** @param array{0?: 'nx'|'xx'} $condition */
    private function write(int|string $key, mixed $value, string $group, int $seconds, array $condition): bool
    {
        $name = $this->name($key, $group);
        if (!isset($this->ownGroups[$group])) {
            $options = [...$condition, 'ex' => $seconds > 0 ? $seconds : self::LONGEST];
            $text = is_int($value) ? (string) $value : serialize($value);
            if ($this->redis->ask(fn (Redis $redis) => $redis->set($name, $text, $options), true) === false) {
                return false;
            }
        }
        $this->known[$name] = $this->copy($value);
        return true;
    }

    /** @param string[] $names */
    private function remember(array $names): void
    {
        $texts = $this->redis->ask(fn (Redis $redis) => $redis->mget($names));
        foreach ($texts ?: [] as $position => $text) {
            if ($text === false) {
                unset($this->known[$names[$position]]);
            } else {
                // Whole numbers are kept as such, so that Redis can count.
                $isNumber = preg_match('/^-?\d+$/D', $text) === 1;
                $this->known[$names[$position]] = $isNumber ? (int) $text : unserialize($text);
            }
        }
    }

    private function isKnown(string $name): bool
    {
        return array_key_exists($name, $this->known);
    }

    /** Whoever changes an object that came from here must not change what the next one gets. */
    private function copy(mixed $value): mixed
    {
        return is_object($value) ? clone $value : $value;
    }

    private function name(int|string $key, string $group): string
    {
        return "$group:$key";
    }
}
