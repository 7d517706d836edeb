package io.tailrace.kit.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A Lua script that Redis runs as one step. Immutable.
 *
 * @param text its source
 * @param digest the name that Redis gives it: SHA-1 of the source
 */
public record RedisScript(String text, String digest) {
    /** The script of that name beside a class. */
    public static RedisScript load(Class<?> owner, String file) {
        try (InputStream in = owner.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing from the jar");
            }
            byte[] source = in.readAllBytes();
            String digest =
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(source));
            return new RedisScript(new String(source, StandardCharsets.UTF_8), digest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /**
     * Runs it.
     *
     * @throws RedisAway if Redis is away
     */
    public <T> T run(RedisLink redis, ScriptOutputType output, List<String> keys, List<String> arguments) {
        String[] named = keys.toArray(String[]::new);
        String[] values = arguments.toArray(String[]::new);
        return redis.call(commands -> {
            try {
                return commands.<T>evalsha(digest, output, named, values);
            } catch (RedisNoScriptException e) {
                // A Redis that has started since: it learns the script by this.
                return commands.<T>eval(text, output, named, values);
            }
        });
    }
}
