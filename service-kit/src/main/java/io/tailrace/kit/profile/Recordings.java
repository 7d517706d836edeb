package io.tailrace.kit.profile;

import io.tailrace.kit.time.MonotonicTime;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one flight recording of this process: at most one runs, and only the last one is kept, as a file that goes with the
 * process. It costs about one percent of a processor. Thread-safe.
 */
@Singleton
final class Recordings {
    private static final Logger LOG = LoggerFactory.getLogger(Recordings.class);

    /** What may hold secrets or tells of other programs of the machine. */
    private static final List<String> LEFT_OUT = List.of(
            "jdk.InitialEnvironmentVariable",
            "jdk.InitialSystemProperty",
            "jdk.InitialSecurityProperty",
            "jdk.JVMInformation",
            "jdk.SystemProcess");

    private final RecordingSettings settings;
    private @Nullable Taken last;

    Recordings(RecordingSettings settings) {
        this.settings = settings;
    }

    /**
     * A recording that was asked for.
     *
     * @param id names it
     * @param recording runs, or has stopped
     * @param file what it is written to when it stops
     * @param startedMs when it began, by the clock that does not go back
     */
    private record Taken(String id, Recording recording, Path file, long startedMs) {
        boolean runs() {
            return recording.getState() != RecordingState.STOPPED && !isWritten();
        }

        /** One with a destination is first stopped, then written, and then closed. */
        boolean isWritten() {
            return recording.getState() == RecordingState.CLOSED;
        }
    }

    /** What there is of a recording. */
    sealed interface Found {
        /** It has ended and is in its file. */
        record Ended(Path file) implements Found {}

        /** It runs for so long yet, or is being written if that is not above zero. */
        record Running(Duration left) implements Found {}
    }

    /**
     * Starts one, and forgets the one before.
     *
     * @return its id; empty while another runs
     */
    synchronized Optional<String> start(Duration duration) {
        if (last != null && last.runs()) {
            return Optional.empty();
        }
        forget();
        try {
            Path file = Files.createTempFile("tailrace-", ".jfr");
            Recording recording = new Recording(Configuration.getConfiguration("profile"));
            LEFT_OUT.forEach(recording::disable);
            recording.setDuration(duration);
            recording.setMaxSize(settings.maxBytes());
            recording.setToDisk(true);
            recording.setDestination(file);
            recording.start();
            last = new Taken(UUID.randomUUID().toString(), recording, file, MonotonicTime.nowMs());
            LOG.info("A flight recording of {} s begins", duration.toSeconds());
            return Optional.of(last.id());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParseException e) {
            throw new IllegalStateException("the JDK's settings of flight recordings", e);
        }
    }

    /** A recording, if it is the last one. */
    synchronized Optional<Found> find(String id) {
        Taken taken = last;
        if (taken == null || !taken.id().equals(id)) {
            return Optional.empty();
        }
        if (!taken.isWritten()) {
            Duration over = Duration.ofMillis(MonotonicTime.nowMs() - taken.startedMs());
            return Optional.of(new Found.Running(taken.recording().getDuration().minus(over)));
        }
        return Optional.of(new Found.Ended(taken.file()));
    }

    @PreDestroy
    synchronized void forget() {
        Taken taken = last;
        if (taken != null) {
            last = null;
            taken.recording().close();
            try {
                Files.deleteIfExists(taken.file());
            } catch (IOException e) {
                LOG.warn("{} could not be deleted", taken.file(), e);
            }
        }
    }
}
