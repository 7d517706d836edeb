package io.tailrace.dispatcher;

import io.micronaut.context.ApplicationContext;
import io.tailrace.kit.boot.ServiceBoot;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code event-dispatcher} as a process of its own. */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private Main() {}

    /** Starts the service. It ends by a signal, or by itself with status {@value Dispatcher#EXIT_STATUS}. */
    public static void main(String[] args) {
        ApplicationContext context = ServiceBoot.run("event-dispatcher", Main.class, args, Map.of());
        try {
            context.getBean(Dispatcher.class).start();
        } catch (RuntimeException e) {
            LOG.error("event-dispatcher cannot start: {}", e.getMessage(), e);
            System.exit(1);
        }
    }
}
