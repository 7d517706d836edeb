package io.tailrace.kit.apikey;

import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.security.Caller;
import io.tailrace.kit.security.Verification;
import io.tailrace.kit.security.Verification.Invalid;
import io.tailrace.kit.security.Verification.Reason;
import io.tailrace.kit.security.Verification.Valid;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The keys that the log has, by their hashes. One thread changes it, any may ask. */
final class KnownKeys {
    /** A key without an end: streams and answers want one. */
    private static final Instant NEVER = Instant.parse("9999-12-31T23:59:59Z");

    private final Map<String, ApiKey> byHash = new ConcurrentHashMap<>();
    private final Set<String> ids = ConcurrentHashMap.newKeySet();

    /**
     * Takes a record of the topic.
     *
     * @param recordKey {@code subject/hash}
     * @param value the key's claims; null if it was revoked
     * @return the key that is void by this, if it was known
     */
    Optional<ApiKey> take(String recordKey, byte @Nullable [] value) {
        String hash = FactKeys.fact(recordKey);
        if (value == null) {
            return remove(hash);
        }
        try {
            ApiKey key = Json.read(value, ApiKey.class);
            byHash.put(hash, key);
            ids.add(key.id().toString());
        } catch (IOException | IllegalArgumentException e) {
            // What cannot be read lets nobody in.
            return remove(hash);
        }
        return Optional.empty();
    }

    private Optional<ApiKey> remove(String hash) {
        Optional<ApiKey> removed = Optional.ofNullable(byHash.remove(hash));
        removed.ifPresent(key -> ids.remove(key.id().toString()));
        return removed;
    }

    /** Whether there is a key with this id, over or not. */
    boolean has(String id) {
        return ids.contains(id);
    }

    /** What a text is that is meant as a key. */
    Verification verify(String text, Instant now) {
        if (!ApiKeyText.isWellFormed(text)) {
            return new Invalid(Reason.MALFORMED);
        }
        ApiKey key = byHash.get(ApiKeyText.hash(text));
        if (key == null) {
            return new Invalid(Reason.UNKNOWN_API_KEY);
        }
        Instant end = key.expiresAt();
        return key.isExpired(now)
                ? new Invalid(Reason.EXPIRED)
                : new Valid(key.grants(), end == null ? NEVER : end, Caller.API_KEY + key.id());
    }

    /** All of them. */
    Collection<ApiKey> all() {
        return byHash.values();
    }

    /** Those that are void by what was read later. */
    List<ApiKey> voidIn(KnownKeys later) {
        return byHash.entrySet().stream()
                .filter(entry -> !later.byHash.containsKey(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The record's key of the key with this id. */
    Optional<String> recordKey(String id) {
        return byHash.entrySet().stream()
                .filter(entry -> entry.getValue().id().toString().equals(id))
                .map(entry -> FactKeys.of(entry.getValue().subject(), entry.getKey()))
                .findFirst();
    }
}
