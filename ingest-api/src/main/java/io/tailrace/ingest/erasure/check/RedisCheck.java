package io.tailrace.ingest.erasure.check;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.sync.RedisCommands;
import io.tailrace.kit.redis.RedisLink;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads every key of Redis with its content. */
final class RedisCheck {
    private static final int PAGE = 500;

    private final RedisLink redis;
    private final Traces traces;

    RedisCheck(RedisLink redis, Traces traces) {
        this.redis = redis;
        this.traces = traces;
    }

    List<Finding> run() {
        List<Finding> findings = new ArrayList<>();
        ScanCursor at = ScanCursor.INITIAL;
        do {
            ScanCursor from = at;
            KeyScanCursor<String> page = redis.call(commands -> commands.scan(from, ScanArgs.Builder.limit(PAGE)));
            for (String key : page.getKeys()) {
                String content = redis.call(commands -> content(commands, key));
                Traces.Kind kind = Traces.greater(traces.in(key), traces.in(content));
                if (kind != null) {
                    findings.add(finding(key, kind));
                }
            }
            at = page;
        } while (!at.isFinished());
        return findings;
    }

    private Finding finding(String key, Traces.Kind kind) {
        long leftS = redis.call(commands -> commands.ttl(key));
        boolean goes = kind == Traces.Kind.ID && leftS >= 0;
        return new Finding(
                "Redis key " + key,
                1,
                kind == Traces.Kind.TEXT
                        ? "with a text"
                        : goes ? "with the id, gone in " + leftS + " s" : "with the id",
                goes);
    }

    private static String content(RedisCommands<String, String> commands, String key) {
        @Nullable
        Object value =
                switch (commands.type(key)) {
                    case "string" -> commands.get(key);
                    case "hash" -> commands.hgetall(key);
                    case "list" -> commands.lrange(key, 0, -1);
                    case "set" -> commands.smembers(key);
                    case "zset" -> commands.zrange(key, 0, -1);
                    default -> "";
                };
        return String.valueOf(value);
    }
}
