package io.tailrace.standalone.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micronaut.context.ApplicationContext;
import io.tailrace.kit.boot.ServiceBoot;
import io.tailrace.kit.grpc.GrpcServer;
import io.tailrace.standalone.backend.HttpProbe;
import io.tailrace.standalone.process.LogFile;
import io.tailrace.standalone.process.Unit;
import io.tailrace.standalone.supervision.Selection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The HTTP services in this process: one application context with one server, so that there is one origin. */
public final class HostedServices implements Unit {
    private static final long PROBE_PAUSE_MS = 50;
    private static final String COMPOSITION = "standalone";
    private static final String GRPC_PORT = "TAILRACE_GRPC_PORT";

    /** The property that switches each of them on and off. */
    private static final Map<String, String> SWITCHES = Map.of(
            "ingest-api", "tailrace.ingest.enabled",
            "sse-edge", "tailrace.edge.enabled",
            "projections", "tailrace.projections.enabled",
            "workers", "tailrace.workers.enabled",
            "search-indexer", "tailrace.search.enabled");

    private final Selection selection;
    private final Environment environment;
    private final LogFile log;
    private final MeterBinder meters;
    private @Nullable ApplicationContext context;

    /**
     * The selected services, which log to a file of this process.
     *
     * @param meters what else is to be seen among their metrics
     */
    public HostedServices(Selection selection, Environment environment, LogFile log, MeterBinder meters) {
        this.selection = selection;
        this.environment = environment;
        this.log = log;
        this.meters = meters;
    }

    @Override
    public void start(Progress progress) throws Exception {
        Map<String, Object> properties = new TreeMap<>(environment.properties());
        if (System.getenv(GRPC_PORT) == null) {
            // Nobody has chosen the port, so its being in use is no reason not to start.
            properties.put("tailrace.grpc.or-any-port", "true");
        }
        SWITCHES.forEach((service, property) -> properties.put(property, String.valueOf(selection.has(service))));
        List<String> fragments = new ArrayList<>();
        for (String service : selection.services()) {
            addIfExists(fragments, service + ".yml");
        }
        addIfExists(fragments, COMPOSITION + ".yml");
        ApplicationContext started =
                ServiceBoot.start(COMPOSITION, fragments, HostedServices.class, new String[0], properties);
        synchronized (this) {
            context = started;
        }
        started.findBean(MeterRegistry.class).ifPresent(meters::bindTo);
        progress.doing("waiting until it is ready");
        HttpProbe probe = HttpProbe.readiness(environment.httpPort());
        while (!answers(probe)) {
            TimeUnit.MILLISECONDS.sleep(PROBE_PAUSE_MS);
        }
    }

    private static boolean answers(HttpProbe probe) {
        try {
            return probe.isReady();
        } catch (IOException e) {
            return false;
        }
    }

    private static void addIfExists(List<String> fragments, String file) {
        if (HostedServices.class.getClassLoader().getResource(file) != null) {
            fragments.add(file);
        }
    }

    /** With force it does nothing: what runs in this process ends with it. */
    @Override
    public void stop(boolean force) {
        ApplicationContext running;
        synchronized (this) {
            running = context;
            context = null;
        }
        if (running != null && !force) {
            running.close();
        }
    }

    /** Where gRPC is served; empty if it is not, or not yet. */
    public OptionalInt grpcPort() {
        ApplicationContext running;
        synchronized (this) {
            running = context;
        }
        return running == null
                ? OptionalInt.empty()
                : running.findBean(GrpcServer.class)
                        .map(server -> OptionalInt.of(server.port()))
                        .orElseGet(OptionalInt::empty);
    }

    @Override
    public List<String> reportedAs() {
        return selection.services();
    }

    @Override
    public OptionalLong pid() {
        return OptionalLong.of(ProcessHandle.current().pid());
    }

    @Override
    public int port() {
        return environment.httpPort();
    }

    @Override
    public LogFile log() {
        return log;
    }
}
