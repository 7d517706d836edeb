package io.tailrace.kit.kafka;

import io.tailrace.kit.time.MonotonicTime;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka client that is made when it is first called, and made anew after {@link #renew()}. Kafka's own clients cannot be made
 * while no bootstrap name resolves (KIP-909 is not in 4.2), so whoever makes one at the start of a service does not start then,
 * and whoever makes one in a thread loses the thread. Here the call fails instead, and a later one succeeds.
 *
 * <p>As thread-safe as the client; {@code wakeup} and {@code close} never make one and never wait for one that is being made: that
 * one is closed by the thread that has made it, whose call fails.
 *
 * @param <T> {@code Admin}, {@code Producer} or {@code Consumer}
 */
public final class ClientOnDemand<T> {
    private static final Logger LOG = LoggerFactory.getLogger(ClientOnDemand.class);

    /** After a client could not be made, calls fail at once for so long: asking for names may take seconds. */
    static final long RETRY_MS = 1_000;

    private final Function<ClientOnDemand<T>, ? extends T> maker;
    private final T proxy;
    private final ReentrantLock making = new ReentrantLock();
    private final Object closing = new Object();
    private volatile @Nullable T made;
    private volatile boolean closed;
    private @Nullable KafkaException failure;
    private long failedAtMs;

    /**
     * A client that is not made yet.
     *
     * @param type the interface
     * @param maker makes one; what it throws is what the call throws, as a {@link KafkaException}
     */
    public ClientOnDemand(Class<? super T> type, Supplier<? extends T> maker) {
        this(type, self -> maker.get());
    }

    /**
     * The same with a client that may say itself that it is broken, by {@link #renew(Object)}.
     *
     * @param maker makes one for this
     */
    public ClientOnDemand(Class<? super T> type, Function<ClientOnDemand<T>, ? extends T> maker) {
        this.maker = maker;
        InvocationHandler handler =
                (self, method, arguments) -> call(method, arguments == null ? new Object[0] : arguments);
        @SuppressWarnings("unchecked") // the proxy has the one interface that T is
        T made = (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
        this.proxy = made;
    }

    /** The client, to be used like one that was made already. */
    public T client() {
        return proxy;
    }

    /** Closes the client that was made, if any; the next call makes another. Never throws. */
    public void renew() {
        T old = made;
        made = null;
        closeQuietly(old);
    }

    /** The next call makes another client than {@code broken}, which is closed by a thread of its own. Never throws or waits. */
    public void renew(T broken) {
        synchronized (closing) {
            if (made != broken) {
                return;
            }
            made = null;
        }
        Thread.ofVirtual().name("client-close").start(() -> closeQuietly(broken));
    }

    private @Nullable Object call(Method method, @Nullable Object[] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(method, arguments);
        }
        T present = made;
        switch (method.getName()) {
            case "close" -> present = closed();
            case "wakeup" -> {}
            default -> present = present == null ? make() : present;
        }
        if (present == null) {
            return null;
        }
        try {
            return method.invoke(present, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private T make() {
        making.lock();
        try {
            T present = made;
            if (present != null) {
                return present;
            }
            if (closed) {
                throw new IllegalStateException("the client was closed");
            }
            KafkaException before = failure;
            if (before != null && MonotonicTime.nowMs() - failedAtMs < RETRY_MS) {
                throw new KafkaException(before.getMessage(), before.getCause());
            }
            try {
                present = maker.apply(this);
            } catch (RuntimeException e) {
                failure = e instanceof KafkaException kafka ? kafka : new KafkaException(e);
                failedAtMs = MonotonicTime.nowMs();
                throw failure;
            }
            failure = null;
            if (!keep(present)) {
                closeQuietly(present);
                throw new IllegalStateException("the client was closed");
            }
            return present;
        } finally {
            making.unlock();
        }
    }

    /** Either this sees that it was closed, or {@link #closed()} sees the client: it is closed once in any case. */
    private boolean keep(T present) {
        synchronized (closing) {
            if (!closed) {
                made = present;
            }
            return !closed;
        }
    }

    private @Nullable T closed() {
        synchronized (closing) {
            closed = true;
            return made;
        }
    }

    private static void closeQuietly(@Nullable Object client) {
        if (client instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception | Error e) {
                LOG.warn("A client that is not needed any more did not close: {}", e.toString());
            }
        }
    }

    private @Nullable Object ofObject(Method method, @Nullable Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(this);
            default -> "on demand: " + made;
        };
    }
}
