package io.tailrace.ingest.description;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Hidden;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Serves the description of this service. */
@Hidden
@Controller
@Secured(SecurityRule.IS_ANONYMOUS)
final class DescriptionController {
    private static final String FILE = "/META-INF/swagger/ingest-api.yml";

    private final String description = read();

    /** The description (OpenAPI 3). */
    @Get("/openapi.yml")
    @Produces("application/yaml")
    String description() {
        return description;
    }

    private static String read() {
        try (InputStream in = DescriptionController.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
