package io.tailrace.standalone.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    @Test
    void what_is_up_wins_and_what_is_left_out_is_taken_from_the_command() {
        Environment environment = Environment.of(
                Map.of(Environment.KAFKA, "elsewhere:1", Environment.REDIS, "redis://elsewhere", "PATH", "/bin"),
                Map.of(Environment.KAFKA, "127.0.0.1:2"));
        assertThat(environment.variables())
                .containsOnly(
                        Map.entry(Environment.KAFKA, "127.0.0.1:2"), Map.entry(Environment.REDIS, "redis://elsewhere"));
    }

    @Test
    void variables_are_properties_of_the_same_meaning() {
        Environment environment = new Environment(Map.of(
                Environment.POSTGRES_URL, "a",
                Environment.SIGNING_KEY_FILE, "b",
                Environment.JWKS_FILE, "c"));
        assertThat(environment.properties())
                .isEqualTo(Map.of(
                        "tailrace.postgres.url", "a",
                        "tailrace.signing-key-file", "b",
                        "tailrace.jwks.file", "c"));
    }

    @Test
    void a_missing_variable_is_named() {
        assertThatThrownBy(() -> new Environment(Map.of()).get(Environment.KAFKA))
                .hasMessageContaining("TAILRACE_KAFKA_BOOTSTRAP");
    }
}
