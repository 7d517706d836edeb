package io.tailrace.kit.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyArgumentsTest {
    @Test
    void readsWhatANewKeyMay() {
        assertThat(read("--sub etl --role service --subscribe logs:* --subscribe=news:* --publish logs:etl:*"
                        + " --job a.* --ttl 30d"))
                .isEqualTo(new ApiKeyArguments.Create(
                        "etl",
                        List.of("service"),
                        List.of("logs:*", "news:*"),
                        List.of("logs:etl:*"),
                        List.of("a.*"),
                        Duration.ofDays(30)));
        assertThat(read("--sub etl"))
                .isEqualTo(new ApiKeyArguments.Create("etl", List.of(), List.of(), List.of(), List.of(), null));
    }

    @Test
    void readsTheOtherCommands() {
        UUID id = UUID.randomUUID();

        assertThat(read("list")).isEqualTo(new ApiKeyArguments.ListKeys());
        assertThat(read("revoke " + id)).isEqualTo(new ApiKeyArguments.Revoke(id.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--role service",
                "--sub",
                "--sub etl --ttl",
                "--sub etl --ttl 0d",
                "--sub etl --ttl 5",
                "--sub etl --ttl -1d",
                "--sub etl --scope all",
                "etl",
                "list all",
                "revoke",
                "revoke x",
            })
    void whatIsNoneIsRefused(String line) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(line));
    }

    private static ApiKeyArguments read(String line) {
        return ApiKeyArguments.read(line.isEmpty() ? List.of() : List.of(line.split(" ")));
    }
}
