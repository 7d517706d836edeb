package io.tailrace.ingest;

import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeIn;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.info.License;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import io.tailrace.kit.boot.ServiceBoot;
import java.util.Map;

/** Runs ingest-api alone, as a process of its own. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Tailrace: writing, and reading what was written",
                        version = "1",
                        description =
                                "Every error is application/problem+json (RFC 9457). Every write but signing in and"
                                        + " out takes an Idempotency-Key.",
                        license = @License(name = "Apache-2.0")),
        security = {@SecurityRequirement(name = "bearer"), @SecurityRequirement(name = "cookie")})
@SecurityScheme(name = "bearer", type = SecuritySchemeType.HTTP, scheme = "bearer", bearerFormat = "JWT")
@SecurityScheme(
        name = "cookie",
        type = SecuritySchemeType.APIKEY,
        in = SecuritySchemeIn.COOKIE,
        paramName = "tailrace_token")
public final class Main {
    private Main() {}

    /** Starts the service; it runs until the JVM is told to end. */
    public static void main(String[] args) {
        var unused = ServiceBoot.run("ingest-api", Main.class, args, Map.of());
    }
}
