package io.tailrace.kit.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tailrace.kit.security.Verification.Valid;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that were found valid. A client sends the same token with every request, and an ES256 signature costs more than
 * all the rest of a small request. What can change later is looked at again: the time, and the keys. Thread-safe.
 */
final class VerifiedTokens {
    /** What an entry costs beside its text: grants, patterns, the map's own. A rough figure. */
    private static final int ENTRY_BYTES = 512;

    private final InstantSource clock;
    private final Cache<String, Entry> entries;

    private record Entry(KeySet keys, Valid valid) {}

    VerifiedTokens(TokenSettings settings, InstantSource clock) {
        this.clock = clock;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(settings.cacheBytes())
                .weigher((String jwt, Entry entry) -> jwt.length() + ENTRY_BYTES)
                // On the caller's thread: it is little, and a pool of threads for it would be more.
                .executor(Runnable::run)
                .build();
    }

    /** What was found, if it was with these keys and the token has not expired since; else null. */
    @Nullable
    Valid find(String jwt, KeySet keys) {
        Entry entry = entries.getIfPresent(jwt);
        if (entry == null) {
            return null;
        }
        if (entry.keys != keys || !clock.instant().isBefore(entry.valid.expiresAt())) {
            entries.invalidate(jwt);
            return null;
        }
        return entry.valid;
    }

    void put(String jwt, KeySet keys, Valid valid) {
        entries.put(jwt, new Entry(keys, valid));
    }
}
