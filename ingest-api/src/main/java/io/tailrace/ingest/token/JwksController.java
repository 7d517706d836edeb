package io.tailrace.ingest.token;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;

/** The public keys, by which everybody else verifies tokens. */
@Controller("/.well-known")
@Secured(SecurityRule.IS_ANONYMOUS)
final class JwksController {
    private static final String FIVE_MINUTES = "public, max-age=300";

    private final SigningKeys keys;

    JwksController(SigningKeys keys) {
        this.keys = keys;
    }

    /** The keys as a JWKS document (RFC 7517). */
    @Get("/jwks.json")
    @Produces(MediaType.APPLICATION_JSON)
    HttpResponse<String> jwks() {
        return HttpResponse.ok(keys.current().published()).header(HttpHeaders.CACHE_CONTROL, FIVE_MINUTES);
    }
}
