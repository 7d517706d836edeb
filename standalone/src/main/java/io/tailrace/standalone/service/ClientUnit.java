package io.tailrace.standalone.service;

import io.tailrace.standalone.process.LogFile;
import io.tailrace.standalone.process.Unit;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A client of the services that runs in this process, as a part of {@code up}. */
public final class ClientUnit implements Unit {
    private final String name;
    private final Supplier<Runnable> client;
    private final LogFile log;
    private @Nullable Runnable stop;

    /**
     * A client.
     *
     * @param client starts it, and gives what stops it
     */
    public ClientUnit(String name, Supplier<Runnable> client, LogFile log) {
        this.name = name;
        this.client = client;
        this.log = log;
    }

    @Override
    public synchronized void start(Progress progress) {
        stop = client.get();
    }

    @Override
    public synchronized void stop(boolean force) {
        if (stop != null) {
            stop.run();
            stop = null;
        }
    }

    @Override
    public List<String> reportedAs() {
        return List.of(name);
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
