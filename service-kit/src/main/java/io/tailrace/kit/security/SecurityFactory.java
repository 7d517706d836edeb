package io.tailrace.kit.security;

import com.nimbusds.jwt.JWT;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.security.token.jwt.validator.JsonWebTokenParser;
import io.micronaut.security.token.jwt.validator.JsonWebTokenValidator;
import io.tailrace.kit.boot.Reloadable;
import io.tailrace.kit.consume.LoopHealth;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Connects the verifier with the clock, the threads and the place of the keys. */
@Factory
final class SecurityFactory {
    /** By which tokens expire. */
    static final String CLOCK = "tokens";

    @Singleton
    @Bean
    SecurityMeters meters(@Nullable MeterRegistry registry) {
        return new SecurityMeters(registry == null ? Metrics.globalRegistry : registry);
    }

    @Singleton
    @Bean
    TokenVerifier tokenVerifier(
            KeyRing keyRing,
            TokenSettings tokens,
            JsonWebTokenValidator<JWT, Object> validator,
            JsonWebTokenParser<JWT> parser,
            @Named(CLOCK) InstantSource clock,
            SecurityMeters meters) {
        VerifiedTokens verified = new VerifiedTokens(tokens, clock);
        return new TokenVerifier(keyRing, tokens, validator, parser, verified, meters);
    }

    @Singleton
    @Bean
    ClaimsValidator claimsValidator(TokenSettings tokens, @Named(CLOCK) InstantSource clock) {
        return new ClaimsValidator(tokens, clock);
    }

    @Singleton
    @Bean
    @Named(CLOCK)
    InstantSource clock() {
        return InstantSource.system();
    }

    @Singleton
    @Bean
    KeyRing keyRing(JwksSettings jwks, BeanProvider<EmbeddedServer> server, SecurityMeters meters) {
        KeySource source = jwks.file() != null && !jwks.file().isBlank()
                ? () -> readFile(Path.of(jwks.file()), jwks)
                : () -> readUrl(url(jwks, server), jwks);
        return new KeyRing(source, jwks, task -> Thread.ofVirtual().name("jwks").start(task), System::nanoTime, meters);
    }

    @Singleton
    @Bean
    @Requires(beans = ErasedPeople.class)
    HealthIndicator erasedPeopleHealth(ErasedPeople people) {
        return new LoopHealth("erased-people", List.of(people.loop()));
    }

    @Singleton
    @Bean
    Reloadable verificationKeys(KeyRing keyRing) {
        return new Reloadable() {
            @Override
            public String reloads() {
                return "keys that verify tokens";
            }

            @Override
            public void reload() {
                if (!keyRing.reread().join()) {
                    throw new IllegalStateException("the line before says why");
                }
            }
        };
    }

    private static URI url(JwksSettings jwks, BeanProvider<EmbeddedServer> server) {
        if (jwks.url() != null && !jwks.url().isBlank()) {
            return URI.create(jwks.url());
        }
        String host = server.get().getHost();
        boolean any = host.equals("0.0.0.0") || host.equals("::");
        return URI.create(
                "http://" + (any ? "127.0.0.1" : host) + ":" + server.get().getPort() + "/.well-known/jwks.json");
    }

    private static String readFile(Path file, JwksSettings jwks) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file::toString, jwks);
        }
    }

    private static String readUrl(URI url, JwksSettings jwks) throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(jwks.timeout()).build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(url).timeout(jwks.timeout()).build();
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                if (response.statusCode() != 200) {
                    throw new IOException(url + " answered " + response.statusCode());
                }
                return read(in, url::toString, jwks);
            } finally {
                client.shutdownNow();
            }
        }
    }

    private static String read(InputStream in, Supplier<String> place, JwksSettings jwks) throws IOException {
        byte[] document = in.readNBytes(jwks.maxBytes() + 1);
        if (document.length > jwks.maxBytes()) {
            throw new IOException(place.get() + " has more than " + jwks.maxBytes() + " bytes");
        }
        return new String(document, StandardCharsets.UTF_8);
    }
}
