package io.tailrace.kit.boot;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.context.env.PropertySource;
import io.micronaut.runtime.server.EmbeddedServer;
import io.tailrace.kit.log.LineEncoder;
import java.io.IOException;
import java.net.BindException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a service: its application context and, where there is one, its HTTP server.
 *
 * <p>Settings, later ones win: {@code tailrace-defaults.yml} of this module, the service's fragments in their order,
 * {@code application.yml}, the file that {@code TAILRACE_CONFIG_FILE} names, environment variables, system properties, {@code extra}, arguments
 * ({@code -tailrace.http.port=8081}).
 */
public final class ServiceBoot {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceBoot.class);
    private static final String RING_SIZE = "io.netty.iouring.ringSize";

    private ServiceBoot() {}

    /** As {@link #run(String, List, Class, String[], Map)} with the fragment {@code <serviceName>.yml}, if it exists. */
    public static ApplicationContext run(
            String serviceName, Class<?> mainClass, String[] args, Map<String, Object> extra) {
        String own = serviceName + ".yml";
        return run(serviceName, Fragments.exists(own) ? List.of(own) : List.of(), mainClass, args, extra);
    }

    /**
     * Starts, and stops when the JVM is told to end. If it cannot start, it says why in one line and ends the JVM with
     * status 1.
     *
     * @param serviceName for logs and metrics, for example {@code ingest-api}
     * @param fragments files of the class path, for example {@code ingest-api.yml}; a later one wins
     */
    public static ApplicationContext run(
            String serviceName, List<String> fragments, Class<?> mainClass, String[] args, Map<String, Object> extra) {
        try {
            ApplicationContext context = start(serviceName, fragments, mainClass, args, extra);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(serviceName, context), "shutdown"));
            HangUp.reloads(context);
            return context;
        } catch (RuntimeException e) {
            LOG.error("{} cannot start: {}", serviceName, reason(e));
            LOG.debug("{} cannot start", serviceName, e);
            System.exit(1);
            throw e;
        }
    }

    /** Starts and leaves the rest to the caller: no exit, no shutdown hook. For compositions and tests. */
    public static ApplicationContext start(
            String serviceName, List<String> fragments, Class<?> mainClass, String[] args, Map<String, Object> extra) {
        long startedNs = System.nanoTime();
        ApplicationContext context = withoutServer(serviceName, fragments, mainClass, args, extra);
        try {
            EmbeddedServer server = context.findBean(EmbeddedServer.class).orElse(null);
            if (server != null) {
                server.start();
            }
            LOG.info(
                    "{} started in {} ms{}",
                    serviceName,
                    (System.nanoTime() - startedNs) / 1_000_000,
                    server == null ? "" : " at http://" + server.getHost() + ":" + server.getPort());
            return context;
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    /** The same without its HTTP server. For commands that use a service's beans. */
    public static ApplicationContext withoutServer(
            String serviceName, List<String> fragments, Class<?> mainClass, String[] args, Map<String, Object> extra) {
        // Libraries write numbers in the digits of the default locale, Kafka Streams even into the names of folders.
        Locale.setDefault(Locale.ROOT);
        LineEncoder.nameService(serviceName);
        sizeRings();
        ApplicationContextBuilder builder =
                ApplicationContext.builder().mainClass(mainClass).args(args);
        int order = Fragments.SERVICE_ORDER;
        for (String fragment : fragments) {
            builder.propertySources(Fragments.read(fragment, order++));
        }
        SettingsFile.of(System.getenv()).ifPresent(file -> builder.propertySources(file.source()));
        builder.propertySources(PropertySource.of("extra", extra, Fragments.EXTRA_ORDER));
        builder.properties(Map.of("micronaut.application.name", serviceName));
        ApplicationContext context = builder.build();
        try {
            context.start();
            return context;
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    /** Netty's ring of io_uring has room for 128 writes, and a broadcast has a write for each stream. Read once, by Netty. */
    private static void sizeRings() {
        if (System.getProperty(RING_SIZE) == null) {
            System.setProperty(RING_SIZE, "4096");
        }
    }

    private static void stop(String serviceName, ApplicationContext context) {
        LOG.info("{} is stopping", serviceName);
        context.close();
        LOG.info("{} has stopped", serviceName);
    }

    /** The native transport has an exception of its own for what is a {@link BindException} elsewhere. */
    private static boolean isAddressInUse(Throwable fault) {
        return fault instanceof BindException
                || fault instanceof IOException
                        && String.valueOf(fault.getMessage()).contains("Address already in use");
    }

    static String reason(Throwable fault) {
        for (Throwable t = fault; t != null; t = t.getCause()) {
            if (t instanceof InvalidSettings) {
                return String.valueOf(t.getMessage());
            }
            if (isAddressInUse(t)) {
                return "the address is in use; set TAILRACE_HTTP_PORT to a free port (" + fault.getMessage() + ")";
            }
        }
        return deepest(fault);
    }

    /** The first line of what was wrong in the first place. */
    static String deepest(Throwable fault) {
        @Nullable Throwable deepest = fault;
        for (Throwable t = fault; t != null; t = t.getCause()) {
            deepest = t;
        }
        String message = String.valueOf(deepest == null ? fault.getMessage() : deepest.getMessage());
        return message.lines().findFirst().orElse(fault.toString());
    }
}
