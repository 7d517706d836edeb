package io.tailrace.workers.bridge;

import com.google.protobuf.Timestamp;
import io.tailrace.grpc.series.v1.Point;
import io.tailrace.grpc.series.v1.WatchGap;
import io.tailrace.grpc.series.v1.WatchResponse;
import io.tailrace.grpc.series.v1.WatchStarted;
import io.tailrace.workers.bridge.sequence.InvalidSource;
import io.tailrace.workers.bridge.sequence.SourceMessage;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What messages of a source say. Pure. */
final class SourceMessages {
    private static final int MAX_NAME = 1_000;
    private static final int MAX_CURSOR = 8_192;
    private static final int MAX_UNIT = 20;
    private static final int MAX_REASON = 300;

    private SourceMessages() {}

    /**
     * Reads one.
     *
     * @throws InvalidSource if it says nothing, or has a field that is larger than anybody needs
     */
    static SourceMessage read(WatchResponse response) throws InvalidSource {
        require("cursor", response.getCursor(), MAX_CURSOR);
        SourceMessage.Event event =
                switch (response.getEventCase()) {
                    case STARTED -> started(response.getStarted());
                    case POINT -> point(response.getPoint());
                    case CAUGHT_UP -> new SourceMessage.CaughtUp();
                    case GAP -> gap(response.getGap());
                    case EVENT_NOT_SET -> new SourceMessage.Silence();
                };
        return new SourceMessage(
                response.getSequence(), response.getCursor(), Integer.toUnsignedLong(response.getConflated()), event);
    }

    private static SourceMessage.Event started(WatchStarted started) throws InvalidSource {
        require("epoch", started.getEpoch(), MAX_NAME);
        String unit = started.getMetric().getUnit();
        boolean isUnit = !unit.isBlank()
                && unit.codePointCount(0, unit.length()) <= MAX_UNIT
                && unit.chars().noneMatch(Character::isISOControl);
        return new SourceMessage.Started(started.getEpoch(), started.getResumed(), isUnit ? unit : null);
    }

    private static SourceMessage.Event point(Point point) throws InvalidSource {
        if (point.getCount() == 0) {
            return new SourceMessage.Silence();
        }
        Instant at = time(point.hasLastAt() ? point.getLastAt() : point.getTime());
        return new SourceMessage.Point(at, point.getLast());
    }

    private static SourceMessage.Event gap(WatchGap gap) throws InvalidSource {
        String reason = gap.getReason().replaceAll("\\p{Cntrl}+", " ");
        return new SourceMessage.Gap(
                gap.getFirstSequence(),
                gap.getLastSequence(),
                gap.hasFrom() ? time(gap.getFrom()) : null,
                gap.hasTo() ? time(gap.getTo()) : null,
                reason.isBlank()
                        ? "The source says that it is missing"
                        : reason.substring(0, Math.min(reason.length(), MAX_REASON)));
    }

    private static Instant time(Timestamp time) throws InvalidSource {
        try {
            // As exact as what is stored, so that the same time is the same after it was read again.
            return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException | ArithmeticException e) {
            throw new InvalidSource("a time that is out of range: " + time.getSeconds() + " s");
        }
    }

    /** PostgreSQL can store no NUL. */
    private static void require(String field, String text, int most) throws InvalidSource {
        if (text.length() > most || text.indexOf('\0') >= 0) {
            throw new InvalidSource("a field " + field + " of " + text.length() + " characters, expected at most "
                    + most + " without NUL");
        }
    }

    /** A time as a request has it. */
    static Timestamp timestamp(Instant at) {
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }
}
