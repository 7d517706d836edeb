package io.tailrace.standalone.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.data.Ports;
import io.tailrace.standalone.process.ChildUnit;
import io.tailrace.standalone.process.LogFile;
import io.tailrace.standalone.process.Server;
import io.tailrace.standalone.process.Unit;
import io.tailrace.standalone.service.Composition;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real servers, from nothing, stopped, and started once more with their data. */
@Timeout(600)
class BackendsIT {
    private static final String PASSWORD = "a password of the test";
    private static final long LIMIT_S = 200;

    /** Closed to others, so that a server that gave up root needs more than its own rights to come here. */
    @TempDir
    private Path temporary = Path.of("");

    private Map<String, Integer> ports = Map.of();

    @Test
    void all_servers_start_from_nothing_stop_and_start_again_with_their_data() throws Exception {
        // given
        DataFolder folder = new DataFolder(temporary.resolve("tr jörg 日本 ;#'~&()[]{}@+^|<>*?"));
        folder.open();
        Installation installation =
                new Installation(Path.of("..").toAbsolutePath().normalize());
        ports = Ports.choose(folder, Composition.PORT_NAMES, new SplittableRandom());
        PostgresServer postgres = new PostgresServer(installation, folder, port("postgres"), PASSWORD);
        ElasticsearchServer elasticsearch =
                new ElasticsearchServer(installation, folder, port("elasticsearch"), port("elasticsearch-transport"));
        List<Server> servers = List.of(
                postgres,
                new RedisServer(installation, folder, port("redis")),
                new KafkaBroker(installation, folder, port("kafka"), port("kafka-controller")),
                elasticsearch);
        List<ChildUnit> units = servers.stream()
                .map(server -> new ChildUnit(server, new LogFile(folder.log(server.name()), 1 << 20)))
                .toList();
        try {
            // when
            startAll(units);
            execute(postgres, "create table kept (id int)");
            assertThat(call(elasticsearch, "PUT", "/kept/_doc/1?refresh=true", "{\"name\":\"Ada\"}"))
                    .isEqualTo(201);
            units.forEach(unit -> unit.stop(false));
            startAll(units);
            // then
            execute(postgres, "drop table kept");
            assertThat(call(elasticsearch, "GET", "/kept/_doc/1", "")).isEqualTo(200);
        } finally {
            units.forEach(unit -> unit.stop(false));
        }
        assertThat(units).allMatch(unit -> unit.pid().isEmpty());
    }

    private int port(String name) {
        return ports.getOrDefault(name, 0);
    }

    private static void startAll(List<ChildUnit> units) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> starts = new ArrayList<>();
            for (ChildUnit unit : units) {
                starts.add(threads.submit(() -> {
                    unit.start(new Silent());
                    return null;
                }));
            }
            for (int i = 0; i < units.size(); i++) {
                try {
                    starts.get(i).get(LIMIT_S, TimeUnit.SECONDS);
                } catch (Exception e) {
                    threads.shutdownNow();
                    throw new AssertionError(
                            units.get(i).reportedAs() + " wrote "
                                    + units.get(i).log().lastLines(20),
                            e);
                }
            }
        }
    }

    private static void execute(PostgresServer postgres, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(), PostgresServer.USER, PASSWORD)) {
            connection.createStatement().execute(sql);
        }
    }

    private static int call(ElasticsearchServer server, String method, String path, String body) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    private static final class Silent implements Unit.Progress {
        @Override
        public void doing(String what) {}

        @Override
        public void changed() {}

        @Override
        public void ended(String reason) {}
    }
}
