package io.tailrace.workers.bridge;

import io.grpc.ManagedChannel;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.bridge.BridgedMetric;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;

/** The metrics of a bridge while they are copied, each on a virtual thread, over one connection. Thread-safe. */
final class BridgeRun implements AutoCloseable {
    private final ManagedChannel channel;
    private final List<Link> links = new ArrayList<>();

    private record Link(SourceLink metric, Thread thread) {
        boolean isBroken() {
            return !thread.isAlive() && !metric.isHeldByAnother();
        }
    }

    private BridgeRun(ManagedChannel channel) {
        this.channel = channel;
    }

    /**
     * Begins to copy.
     *
     * @param positions where each metric goes on, by what the source calls it
     * @throws IOException if the certificates of the bridge cannot be read
     */
    static BridgeRun begin(
            Bridge bridge,
            Map<String, BridgeTable.Claimed> positions,
            BridgeTable.Holder holder,
            Collaborators with,
            Logger log)
            throws IOException {
        ManagedChannel channel = with.channels().open(bridge);
        try {
            BridgeRun run = new BridgeRun(channel);
            SourceLink.Ports ports = new SourceLink.Ports(
                    channel,
                    with.channels(),
                    with.table(),
                    with.events(),
                    with.meters(),
                    with.settings(),
                    with.clock());
            for (BridgedMetric metric : bridge.metrics()) {
                SourceLink link = new SourceLink(
                        bridge,
                        metric,
                        positions.getOrDefault(metric.remote(), BridgeTable.Claimed.NONE),
                        holder,
                        ports,
                        log);
                run.links.add(new Link(
                        link, Thread.ofVirtual().name("bridge-" + bridge.name()).unstarted(link)));
            }
            run.links.forEach(link -> link.thread().start());
            return run;
        } catch (RuntimeException e) {
            channel.shutdownNow();
            throw e;
        }
    }

    /** What all bridges of a process share. */
    record Collaborators(
            SourceChannels channels,
            BridgeTable table,
            BridgeLog events,
            BridgeMeters meters,
            BridgeSettings settings,
            InstantSource clock) {}

    /** How many metrics are in each state. */
    Map<String, Integer> states() {
        Map<String, Integer> states = new LinkedHashMap<>();
        links.forEach(link -> states.merge(link.metric().state().label(), 1, Integer::sum));
        return states;
    }

    /** Whether another attempt copies this bridge. */
    boolean isHeldByAnother() {
        return links.stream().map(Link::metric).anyMatch(SourceLink::isHeldByAnother);
    }

    /** Whether a metric is not copied any more, although nobody has stopped it. */
    boolean isBroken() {
        return links.stream().anyMatch(Link::isBroken);
    }

    /** Stops, and returns when nothing is copied any more. */
    @Override
    public void close() {
        links.forEach(link -> link.thread().interrupt());
        channel.shutdownNow();
        boolean interrupted = false;
        for (Link link : links) {
            while (link.thread().isAlive()) {
                try {
                    link.thread().join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
