package io.tailrace.edge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.kit.apikey.ApiKeyArguments;
import io.tailrace.kit.apikey.ApiKeyCommand;
import io.tailrace.kit.kafka.KafkaSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** API keys in the log of the shared broker, as {@code ./tailrace apikey} makes and revokes them. */
public final class TestApiKeys {
    private TestApiKeys() {}

    /** Makes the only key of a subject; the options are those of the command. */
    public static String make(String subject, String... options) {
        return makeAt(Instant.now(), subject, options);
    }

    /** The same at a time, from which its {@code --ttl} counts. */
    public static String makeAt(Instant time, String subject, String... options) {
        return command(
                        time,
                        Stream.concat(Stream.of("--sub", subject), Stream.of(options))
                                .toList())
                .strip();
    }

    /** The id of the only key of a subject. */
    public static String id(String subject) {
        return command(Instant.now(), List.of("list"))
                .lines()
                .filter(line -> line.contains(subject))
                .findFirst()
                .orElseThrow()
                .split(" ")[0];
    }

    /** Revokes the only key of a subject. */
    public static void revoke(String subject) {
        var unused = command(Instant.now(), List.of("revoke", id(subject)));
    }

    private static String command(Instant time, List<String> words) {
        StringWriter out = new StringWriter();
        int status = new ApiKeyCommand(
                        KafkaSettings.of(TestBroker.shared().bootstrap()),
                        InstantSource.fixed(time),
                        new PrintWriter(out, true),
                        new PrintWriter(new StringWriter(), true))
                .run(ApiKeyArguments.read(words));
        assertThat(status).isZero();
        return out.toString();
    }
}
