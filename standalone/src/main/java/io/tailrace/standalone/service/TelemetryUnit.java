package io.tailrace.standalone.service;

import io.tailrace.standalone.process.LogFile;
import io.tailrace.standalone.process.Unit;
import io.tailrace.standalone.telemetry.TelemetrySource;
import java.net.URI;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The telemetry source as a part of {@code up}. */
public final class TelemetryUnit implements Unit {
    /** Its name. */
    public static final String NAME = "telemetry";

    private final URI origin;
    private final Supplier<String> token;
    private final LogFile log;
    private @Nullable TelemetrySource source;

    /** A source that writes to {@code origin} with tokens of its own. */
    public TelemetryUnit(URI origin, Supplier<String> token, LogFile log) {
        this.origin = origin;
        this.token = token;
        this.log = log;
    }

    @Override
    public synchronized void start(Progress progress) {
        source = TelemetrySource.start(origin, token);
    }

    @Override
    public synchronized void stop(boolean force) {
        if (source != null) {
            source.close();
            source = null;
        }
    }

    @Override
    public List<String> reportedAs() {
        return List.of(NAME);
    }

    @Override
    public OptionalLong pid() {
        return OptionalLong.of(ProcessHandle.current().pid());
    }

    @Override
    public int port() {
        return 0;
    }

    @Override
    public LogFile log() {
        return log;
    }
}
