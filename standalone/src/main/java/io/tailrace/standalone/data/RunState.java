package io.tailrace.standalone.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * What runs, as the supervisor writes it to {@code run/state.json} at every change.
 *
 * @param phase {@code starting}, {@code up}, {@code stopping} or {@code down}
 * @param origin where the services answer
 * @param pid the supervisor's process
 * @param startedAtMs when that process was started, milliseconds since 1970
 * @param parts everything that it looks after
 */
public record RunState(String phase, String origin, long pid, long startedAtMs, List<PartStatus> parts) {
    /** Parts are being started. */
    public static final String STARTING = "starting";

    /** Everything has been ready. */
    public static final String UP = "up";

    /** Parts are being stopped. */
    public static final String STOPPING = "stopping";

    /** Everything was stopped in order. */
    public static final String DOWN = "down";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Copies the list. */
    public RunState {
        parts = List.copyOf(parts);
    }

    /**
     * One part.
     *
     * @param name its name
     * @param state {@code waiting}, {@code starting}, {@code ready}, {@code restarting}, {@code failed},
     *     {@code stopping} or {@code stopped}
     * @param pid its process, or 0 if it has none
     * @param startedAtMs when that process was started, milliseconds since 1970
     * @param port where it listens, or 0
     * @param restarts how often it was started again
     * @param sinceMs since when it is in its state, milliseconds since 1970
     * @param detail what it does, or why it failed; may be empty
     * @param log the file that it logs to, or empty
     */
    public record PartStatus(
            String name,
            String state,
            long pid,
            long startedAtMs,
            int port,
            int restarts,
            long sinceMs,
            String detail,
            String log) {
        /** Whether it works. */
        public boolean isReady() {
            return state.equals("ready");
        }
    }

    /** Replaces the file. */
    public void write(DataFolder folder) {
        try {
            SmallFile.write(folder.stateFile(), JSON.writeValueAsString(this) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the last supervisor wrote, or empty if there never was one or what it wrote cannot be read. */
    public static Optional<RunState> read(DataFolder folder) {
        try {
            return Files.exists(folder.stateFile())
                    ? Optional.of(JSON.readValue(Files.readString(folder.stateFile()), RunState.class))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
