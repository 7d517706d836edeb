package io.tailrace.backends;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/** Real consumers that fail where a test says so. Thread-safe. */
public final class FaultyConsumers implements Supplier<Consumer<byte[], byte[]>> {
    private final Supplier<? extends Consumer<byte[], byte[]>> maker;
    private final AtomicInteger made = new AtomicInteger();
    private volatile Fault fault = Fault.NONE;
    private volatile boolean closeFails;

    /** What fails. */
    public enum Fault {
        /** Nothing. */
        NONE,
        /** No consumer can be made, as while no name resolves, and those that there are fail. */
        CONSTRUCTION,
        /** Every poll fails, with an exception of Kafka's. */
        POLL,
        /** Every poll fails, with an error that nobody expects. */
        POLL_BY_ERROR
    }

    /** Nothing fails yet; {@code maker} makes the consumers. */
    public FaultyConsumers(Supplier<? extends Consumer<byte[], byte[]>> maker) {
        this.maker = maker;
    }

    /** From now on this fails, also of consumers that there are. */
    public void fail(Fault next) {
        fault = next;
    }

    /** From now on no consumer closes without an exception. */
    public void failToClose() {
        closeFails = true;
    }

    /** Consumers so far. */
    public int made() {
        return made.get();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Consumer<byte[], byte[]> get() {
        if (fault == Fault.CONSTRUCTION) {
            throw new KafkaException(
                    "Failed to construct kafka consumer",
                    new ConfigException("No resolvable bootstrap urls given in bootstrap.servers"));
        }
        Consumer<byte[], byte[]> real = maker.get();
        made.incrementAndGet();
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (self, method, arguments) -> {
                    switch (method.getName()) {
                        case "poll" -> failPoll();
                        case "hashCode" -> {
                            return System.identityHashCode(self);
                        }
                        case "equals" -> {
                            return self == arguments[0];
                        }
                        default -> {}
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        if (closeFails && method.getName().equals("close")) {
                            throw new KafkaException("a consumer that does not close");
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void failPoll() {
        switch (fault) {
            case POLL, CONSTRUCTION -> throw new KafkaException("a poll that fails");
            case POLL_BY_ERROR -> throw new NoClassDefFoundError("a poll that fails");
            case NONE -> {}
        }
    }
}
