package io.tailrace.standalone.process;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A unit that is work to be done once in this process: it is ready when the work is done, and does not end. */
public final class StepUnit implements Unit {
    /** Work that may fail. */
    @FunctionalInterface
    public interface Work {
        /** Does it. */
        void run() throws Exception;
    }

    private final String name;
    private final Work work;

    /** A step. */
    public StepUnit(String name, Work work) {
        this.name = name;
        this.work = work;
    }

    @Override
    public void start(Progress progress) throws Exception {
        work.run();
    }

    @Override
    public void stop(boolean force) {}

    @Override
    public List<String> reportedAs() {
        return List.of(name);
    }

    @Override
    public OptionalLong pid() {
        return OptionalLong.empty();
    }

    @Override
    public int port() {
        return 0;
    }

    @Override
    public @Nullable LogFile log() {
        return null;
    }
}
