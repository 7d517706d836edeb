package io.tailrace.ingest.metric;

import io.grpc.ServerMethodDefinition;
import io.grpc.ServiceDescriptor;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.identity.DerivedId;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.grpc.series.v1.PublishResponse;
import io.tailrace.grpc.series.v1.Reading;
import io.tailrace.grpc.series.v1.Rejection;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import io.tailrace.ingest.log.AppendOutcome;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.grpc.CallMetadata;
import io.tailrace.kit.grpc.GrpcMethods;
import io.tailrace.kit.grpc.UnaryCalls;
import io.tailrace.kit.limit.ClientAddress;
import io.tailrace.kit.limit.WriteLimits;
import io.tailrace.kit.problem.Problem.FieldError;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * {@code SeriesService.Publish}: what {@code POST /metrics/readings} does, many times over one call. The id of a reading's event follows
 * from its caller, client and sequence number, so that one which is sent again has the same, and counts once for whoever reads
 * the log. Thread-safe.
 */
@Singleton
final class PublishReadings implements GrpcMethods {
    private final EventLog log;
    private final Metrics metrics;
    private final MetricSettings settings;
    private final MetricAccess access;
    private final UnaryCalls calls;
    private final WriteLimits limits;
    private final ClientAddress addresses;
    private final InstantSource clock = InstantSource.system();
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("readings-", 0).factory());

    PublishReadings(
            EventLog log,
            Metrics metrics,
            MetricSettings settings,
            MetricAccess access,
            UnaryCalls calls,
            WriteLimits limits,
            ClientAddress addresses) {
        this.log = log;
        this.metrics = metrics;
        this.settings = settings;
        this.access = access;
        this.calls = calls;
        this.limits = limits;
        this.addresses = addresses;
    }

    @Override
    public ServiceDescriptor service() {
        return SeriesServiceGrpc.getServiceDescriptor();
    }

    @Override
    public List<ServerMethodDefinition<?, ?>> methods() {
        return List.of(ServerMethodDefinition.create(SeriesServiceGrpc.getPublishMethod(), (call, headers) -> {
            CallMetadata metadata = CallMetadata.of(call.getAttributes(), headers);
            return new ReadingCall(call, this, metadata).begin();
        }));
    }

    @PreDestroy
    void stop() {
        executor.shutdown();
    }

    /** Where requests are worked on; they may block there. */
    Executor executor() {
        return executor;
    }

    /**
     * Who calls.
     *
     * @throws ProblemException if the token is not valid, or there is none and one is needed
     */
    Caller caller(CallMetadata metadata) {
        Caller caller = calls.caller(metadata);
        access.require(caller);
        return caller;
    }

    /**
     * Writes the readings of one request; blocks until the log has them.
     *
     * @throws ProblemException if the request is refused, or the log did not take all of them in time
     */
    PublishResponse write(Caller caller, CallMetadata metadata, String client, List<Reading> readings) {
        Instant now = clock.instant();
        Instant end = caller.expiresAt();
        if (end != null && !now.isBefore(end)) {
            throw new ProblemException(ProblemType.UNAUTHORIZED, "the token has expired");
        }
        String address = addresses.of(metadata.remote(), metadata.forwardedFor());
        limits.require(caller, address);
        String subject = Objects.requireNonNullElse(caller.grants().subject(), address);
        PublishResponse.Builder response =
                PublishResponse.newBuilder().setAcknowledged(readings.getLast().getSequence());
        List<OutgoingEvent> entries = new ArrayList<>(readings.size());
        Map<UUID, Boolean> known = new HashMap<>();
        for (Reading reading : readings) {
            try {
                UUID id = DerivedId.of(
                        subject, "publish-reading", client + ' ' + Long.toUnsignedString(reading.getSequence()));
                entries.add(entry(id, now, read(reading, now, known)));
            } catch (ProblemException e) {
                if (e.problem().status() == ProblemType.UNAVAILABLE.status()) {
                    throw e;
                }
                response.addRejections(rejection(reading, e));
            }
        }
        if (!entries.isEmpty() && !log.append(entries).stream().allMatch(AppendOutcome.Appended.class::isInstance)) {
            throw EventLog.unavailable();
        }
        return response.build();
    }

    /** A metric that does not exist is asked for once in a request, and not for each of its readings. */
    private NewReading.Checked read(Reading reading, Instant now, Map<UUID, Boolean> known) {
        NewReading.Checked checked = new NewReading(
                        metricId(reading.getMetricId()),
                        reading.getValue(),
                        reading.hasTimestamp() ? timestamp(reading) : null)
                .checked(now, settings.maxFuture());
        if (!known.computeIfAbsent(checked.metricId(), metrics::exists)) {
            throw new ProblemException(ProblemType.NOT_FOUND, "There is no metric with the id " + checked.metricId());
        }
        return checked;
    }

    private static UUID metricId(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("metric_id", "expected a UUID");
        }
    }

    private static Instant timestamp(Reading reading) {
        try {
            return Instant.ofEpochSecond(
                    reading.getTimestamp().getSeconds(), reading.getTimestamp().getNanos());
        } catch (DateTimeException | ArithmeticException e) {
            throw ProblemException.invalid("timestamp", "is out of range");
        }
    }

    private static OutgoingEvent entry(UUID id, Instant now, NewReading.Checked reading) {
        Instant timestamp = reading.timestamp();
        MetricReadingCreated data =
                new MetricReadingCreated(id, reading.metricId(), reading.value(), timestamp == null ? now : timestamp);
        return MetricEvents.fact(
                Topics.READINGS, reading.metricId().toString(), EventTypes.METRIC_READING_CREATED, id, now, data);
    }

    private static Rejection rejection(Reading reading, ProblemException e) {
        List<FieldError> errors = e.problem().errors();
        FieldError first = errors == null || errors.isEmpty()
                ? new FieldError("metric_id", String.valueOf(e.getMessage()))
                : errors.getFirst();
        return Rejection.newBuilder()
                .setSequence(reading.getSequence())
                .setField(first.field())
                .setReason(first.message())
                .build();
    }
}
