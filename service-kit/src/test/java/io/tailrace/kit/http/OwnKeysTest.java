package io.tailrace.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.tailrace.kit.security.Tokens;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A service that serves the keys itself, as all of them do together in one process. */
class OwnKeysTest {
    @Controller
    @Requires(property = "probe.own-keys")
    static class Keys {
        @Get("/.well-known/jwks.json")
        @Secured(SecurityRule.IS_ANONYMOUS)
        @Produces(MediaType.APPLICATION_JSON)
        String keys() {
            return Tokens.jwks(TestServer.EC.toPublicJWK());
        }
    }

    @Test
    void withoutOtherWordTheKeysAreReadFromTheServerItself() throws Exception {
        try (TestServer server = new TestServer(Map.of("tailrace.jwks.file", "", "probe.own-keys", true))) {
            HttpResponse<String> response = server.send(
                    server.request("/probe/private").header("Authorization", "Bearer " + TestServer.token()));

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        }
    }
}
