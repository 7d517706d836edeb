package io.tailrace.ingest.webhook;

import io.micronaut.core.annotation.Introspected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for an endpoint, as it is described to clients.
 *
 * @param url where it is: http or https, with a public address
 * @param events patterns of the types of events that it wants, for example {@code user.*}
 * @param secret what webhooks are signed with: whsec_ and 24 to 64 bytes in Base64; one is made if it is missing
 */
@Introspected
record NewEndpoint(String url, List<String> events, @Nullable String secret) {}
