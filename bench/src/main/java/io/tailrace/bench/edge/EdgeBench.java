package io.tailrace.bench.edge;

import io.tailrace.bench.edge.point.Deep;
import io.tailrace.bench.edge.point.FanOut;
import io.tailrace.bench.edge.point.Idle;
import io.tailrace.bench.edge.point.Point;
import io.tailrace.bench.edge.point.Sample;
import io.tailrace.bench.edge.point.SlowReaders;
import io.tailrace.bench.edge.point.Storm;
import io.tailrace.bench.edge.server.ProcessMeter;
import io.tailrace.bench.edge.server.Server;
import io.tailrace.bench.edge.server.Servers;
import io.tailrace.bench.stand.Stand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Many streams from one server: the edge, a bare Netty server and a plain Micronaut one, in turns, each fed by Kafka. The
 * exit code is 1 if a message was lost, came twice, or out of order.
 */
@Command(name = "edge", description = "Fan-out to thousands of streams, beside bare Netty and plain Micronaut.")
public final class EdgeBench implements Callable<Integer> {
    private static final String WITHOUT =
            "search,postgres,redis,ingest-api,sse-edge,projections,workers,event-dispatcher";

    private static final int MANY = 10_000;
    private static final List<FanOut.Shape> SHAPES = List.of(
            new FanOut.Shape("1000-single", 1_000, 1, 90, 1, 60),
            new FanOut.Shape("1000-burst", 1_000, 1, 70, 16, 3),
            new FanOut.Shape("10000-own", MANY, MANY, 1_000, 20, 1_000),
            new FanOut.Shape("10000-broadcast", MANY, 1, 4, 1, 4),
            new FanOut.Shape("10000-broadcast-max", MANY, 1, 12, 1, 0));

    @Option(names = "--quick", description = "One short round instead of five.")
    private boolean quick;

    @Option(names = "--json", description = "The last line of stdout is the result as JSON.")
    private boolean json;

    @Option(names = "--point", paramLabel = "NAME", description = "Only this point; may be repeated.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--server",
            paramLabel = "NAME",
            description = "Only edge, edge-io_uring, skeleton or plain; may be repeated.")
    private List<String> arms = new ArrayList<>();

    @Option(names = "--rounds", description = "Rounds that count; five, or one with --quick.")
    private int rounds;

    @Spec
    private @Nullable CommandSpec spec;

    private final EdgeReport report = new EdgeReport();

    @Override
    public Integer call() throws Exception {
        if (rounds == 0) {
            rounds = quick ? 1 : 5;
        }
        if (arms.isEmpty()) {
            arms = List.of(Servers.EDGE, Servers.SKELETON, Servers.PLAIN);
        }
        Map<String, Maker> points = points();
        int loops = Runtime.getRuntime().availableProcessors();
        List<Server> servers = new ArrayList<>();
        try (Stand stand = Stand.up(WITHOUT);
                ProcessMeter client = new ProcessMeter(ProcessHandle.current().pid())) {
            Servers starter = new Servers(stand, loops);
            try {
                for (String arm : arms) {
                    servers.add(starter.start(arm));
                }
                for (Maker maker : points.values()) {
                    try (Point point = maker.make(starter, client)) {
                        measure(point, servers);
                    }
                }
            } catch (IOException | RuntimeException e) {
                for (Server server : servers) {
                    System.err.println("the end of what " + server.name() + " printed:\n" + server.printed());
                }
                throw e;
            } finally {
                servers.forEach(Server::close);
            }
        }
        System.out.print(report.table());
        if (json) {
            System.out.println(report.json(settings(loops)));
        }
        return report.wrong() == 0 ? 0 : 1;
    }

    private void measure(Point point, List<Server> servers) throws Exception {
        int warmUps = quick ? 1 : 2;
        for (int round = 1 - warmUps; round <= rounds; round++) {
            for (Server server : servers) {
                if (point.appliesTo(server.name())) {
                    Sample sample = point.measure(server);
                    // The first rounds are not counted: class loading and compilation are not what is measured.
                    if (round > 0) {
                        report.add(point.name(), server.name(), sample);
                    }
                    System.err.println(
                            point.name() + " round " + round + ", " + server.name() + ": " + sample.figures());
                }
            }
        }
    }

    /** Makes a point when its turn has come. */
    private interface Maker {
        Point make(Servers servers, ProcessMeter client) throws IOException;
    }

    private Map<String, Maker> points() {
        int seconds = quick ? 3 : 8;
        Map<String, Maker> points = new LinkedHashMap<>();
        for (FanOut.Shape shape : SHAPES) {
            points.put(shape.name(), (servers, client) -> new FanOut(shape, servers.bootstrap(), seconds, client));
        }
        points.put("idle", (servers, client) -> new Idle(servers, MANY));
        points.put("storm", (servers, client) -> new Storm(servers, MANY));
        points.put("deep", (servers, client) -> new Deep(servers, quick ? 100_000 : 1_000_000));
        points.put("slow-readers", (servers, client) -> new SlowReaders(servers, seconds));
        for (String name : only) {
            if (!points.containsKey(name)) {
                throw new ParameterException(
                        Objects.requireNonNull(spec).commandLine(),
                        "--point " + name + ": expected " + points.keySet());
            }
        }
        if (!only.isEmpty()) {
            points.keySet().retainAll(only);
        }
        return points;
    }

    private Map<String, Object> settings(int loops) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("rounds", rounds);
        settings.put("quick", quick);
        settings.put("skeleton_loops", loops);
        settings.put("processors", Runtime.getRuntime().availableProcessors());
        return settings;
    }
}
