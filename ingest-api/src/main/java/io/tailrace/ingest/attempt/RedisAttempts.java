package io.tailrace.ingest.attempt;

import io.lettuce.core.ScriptOutputType;
import io.tailrace.kit.redis.RedisAway;
import io.tailrace.kit.redis.RedisLink;
import io.tailrace.kit.redis.RedisScript;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tallies that all nodes share, by the clock of Redis. Thread-safe; blocks.
 *
 * <p>Every method throws {@link RedisAway} while Redis is away.
 */
final class RedisAttempts implements TallyStore {
    private static final RedisScript ATTEMPT = RedisScript.load(RedisAttempts.class, "attempt.lua");
    private static final RedisScript TAKE_BACK = RedisScript.load(RedisAttempts.class, "take-back.lua");

    private final RedisLink redis;

    RedisAttempts(RedisLink redis) {
        this.redis = redis;
    }

    @Override
    public long begin(List<Counted> tallies) {
        List<String> rules = tallies.stream()
                .map(Counted::rule)
                .flatMap(rule -> Stream.of((long) rule.free(), rule.firstMs(), rule.longestMs(), rule.windowMs()))
                .map(String::valueOf)
                .toList();
        return ATTEMPT.<Long>run(redis, ScriptOutputType.INTEGER, keys(tallies), rules);
    }

    @Override
    public void takeBack(List<Counted> tallies) {
        var unused = TAKE_BACK.<Long>run(redis, ScriptOutputType.INTEGER, keys(tallies), List.of());
    }

    @Override
    public void forget(Counted tally) {
        var unused = redis.call(commands -> commands.del(tally.key()));
    }

    private static List<String> keys(List<Counted> tallies) {
        return tallies.stream().map(Counted::key).toList();
    }
}
