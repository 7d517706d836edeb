package io.tailrace.kit.security;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * Which tokens are accepted.
 *
 * @param issuer the only accepted {@code iss}
 * @param maxBytes the longest token; a longer one is malformed
 * @param clockSkew how far an issuer's clock may be ahead when {@code nbf} is checked; {@code exp} is exact, because a
 *     stream never outlives its token
 * @param cacheBytes tokens whose signature was right, remembered so that it is not computed again at every request; in
 *     bytes of their text. 0: none
 * @param cookieName the cookie that carries a browser's token
 */
@ConfigurationProperties("tailrace.token")
public record TokenSettings(
        @Bindable(defaultValue = "tailrace") String issuer,
        @Bindable(defaultValue = "8192") int maxBytes,
        @Bindable(defaultValue = "5s") Duration clockSkew,
        @Bindable(defaultValue = "8388608") long cacheBytes,
        @Bindable(defaultValue = "tailrace_token") String cookieName) {}
