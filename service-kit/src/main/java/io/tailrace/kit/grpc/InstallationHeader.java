package io.tailrace.kit.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the bridges of this installation from those of others. A bridge sends the id of its Kafka cluster in the metadata
 * {@code tailrace-installation}, and a server whose cluster has the same id refuses the call, because what it would copy is in the log
 * already, and would be copied again and again. Calls without it are not looked at. Thread-safe.
 */
@Singleton
public final class InstallationHeader implements ServerInterceptor {
    /** What the refusal of a bridge of this installation begins with. */
    public static final String OWN_SERVER = "own_server";

    private static final Logger LOG = LoggerFactory.getLogger(InstallationHeader.class);
    private static final Metadata.Key<String> KEY =
            Metadata.Key.of("tailrace-installation", Metadata.ASCII_STRING_MARSHALLER);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Lookup lookup;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final ReentrantLock lookingUp = new ReentrantLock();
    private volatile @Nullable String id;

    /** Asks for the id of the cluster. */
    @FunctionalInterface
    public interface Lookup {
        /** The id; blocks. */
        String get() throws ExecutionException, TimeoutException, InterruptedException;
    }

    /** That of the installation whose log this is. */
    @Inject
    InstallationHeader(KafkaSettings kafka) {
        this(() -> {
            try (Admin admin = Admin.create(kafka.admin("installation"))) {
                return admin.describeCluster().clusterId().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            }
        });
    }

    /** That of an installation whose id is looked up so. */
    public InstallationHeader(Lookup lookup) {
        this.lookup = lookup;
    }

    /**
     * Adds it to the metadata of a call; blocks until the id is known.
     *
     * @return whether it is known
     */
    public boolean addTo(Metadata headers) throws InterruptedException {
        String known = id;
        if (known == null) {
            look();
            known = id;
        }
        if (known != null) {
            headers.put(KEY, known);
        }
        return known != null;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String theirs = headers.get(KEY);
        String ours = id;
        if (theirs == null || (ours != null && !ours.equals(theirs))) {
            return next.startCall(call, headers);
        }
        if (ours == null) {
            lookElsewhere();
            return refused(call, Status.UNAVAILABLE.withDescription("it is not known yet whose bridge this is"));
        }
        return refused(
                call,
                Status.FAILED_PRECONDITION.withDescription(
                        OWN_SERVER + ": the bridge belongs to the installation that it is to copy from"));
    }

    private static <Q, A> ServerCall.Listener<Q> refused(ServerCall<Q, A> call, Status status) {
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }

    /** Calls run on event loops, which must not wait. */
    private void lookElsewhere() {
        if (looking.compareAndSet(false, true)) {
            var unused = Thread.ofVirtual().name("installation").start(() -> {
                try {
                    look();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    looking.set(false);
                }
            });
        }
    }

    /** One look-up at a time: whoever waits for another finds its answer. */
    private void look() throws InterruptedException {
        lookingUp.lockInterruptibly();
        try {
            if (id == null) {
                id = lookup.get();
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.debug("the id of the cluster is not known", e);
        } finally {
            lookingUp.unlock();
        }
    }
}
