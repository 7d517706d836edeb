package io.tailrace.kit.security;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the public keys come from.
 *
 * @param file a JWKS file; if set, it is used and not the URL
 * @param url a JWKS endpoint; null for {@code /.well-known/jwks.json} of this server
 * @param refreshInterval the shortest time between two readings, whatever unknown keys callers name
 * @param maxAge after which the keys are read again, so that a withdrawn key ends; the old ones serve until then, and as
 *     long as the reading fails
 * @param timeout for one reading
 * @param maxBytes the largest document
 * @param maxKeys the most keys of a document; more are a fault
 */
@ConfigurationProperties("tailrace.jwks")
public record JwksSettings(
        @Nullable String file,
        @Nullable String url,
        @Bindable(defaultValue = "5s") Duration refreshInterval,
        @Bindable(defaultValue = "10m") Duration maxAge,
        @Bindable(defaultValue = "5s") Duration timeout,
        @Bindable(defaultValue = "262144") int maxBytes,
        @Bindable(defaultValue = "32") int maxKeys) {}
