package io.tailrace.kit.boot;

import io.micronaut.context.ApplicationContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** SIGHUP as daemons have it: what can be read again is. Under a terminal it means that this is gone, and ends the process. */
final class HangUp {
    private static final Logger LOG = LoggerFactory.getLogger(HangUp.class);

    private HangUp() {}

    /** From now on; does nothing under a terminal, or where the JVM has the signal for itself. */
    static void reloads(ApplicationContext context) {
        if (System.console() != null && System.console().isTerminal()) {
            return;
        }
        try {
            Signal.handle(new Signal("HUP"), _ -> reload(context));
        } catch (IllegalArgumentException e) {
            LOG.debug("SIGHUP cannot be handled", e);
        }
    }

    static void reload(ApplicationContext context) {
        for (Reloadable reloadable : context.getBeansOfType(Reloadable.class)) {
            try {
                reloadable.reload();
                LOG.info("{}: read again", reloadable.reloads());
            } catch (Exception e) {
                LOG.error("{}: cannot be read again, the old stay: {}", reloadable.reloads(), ServiceBoot.reason(e));
            }
        }
    }
}
