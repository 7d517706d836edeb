package io.tailrace.standalone.backend;

import io.tailrace.standalone.Fault;
import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.process.Launch;
import io.tailrace.standalone.process.Probe;
import io.tailrace.standalone.process.Server;
import io.tailrace.standalone.process.Unit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Redis, from the jar of codemonstur's embedded-redis.
 *
 * @param installation where that jar is
 * @param folder where its data goes
 * @param port its port
 */
public record RedisServer(Installation installation, DataFolder folder, int port) implements Server {
    private static final int TIMEOUT_MS = 2_000;

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public Launch prepare(Unit.Progress progress) throws IOException {
        Path jar = installation.archive("embedded-redis-*.jar");
        String platform = Platform.current();
        Path home = folder.backends().resolve("redis-" + platform);
        if (!Files.exists(home)) {
            progress.doing("unpacking");
            Archive.once(home, Archive.program(jar, entry(jar, platform), "redis-server"));
        }
        Path data = Files.createDirectories(folder.of(name()));
        // What it holds may be lost: it is written out now and then, and the oldest goes first when memory ends.
        return Launch.of(
                List.of(
                        home.resolve("redis-server").toString(),
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "--dir",
                        data.toString(),
                        "--save",
                        "60 1000",
                        "--maxmemory",
                        "64mb",
                        "--maxmemory-policy",
                        "allkeys-lru",
                        "--daemonize",
                        "no"),
                Map.of(),
                data);
    }

    /** PING (Redis protocol, inline command). */
    @Override
    public Probe probe() {
        return () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MS);
                socket.setSoTimeout(TIMEOUT_MS);
                socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
                byte[] answer = socket.getInputStream().readNBytes(5);
                return new String(answer, StandardCharsets.US_ASCII).equals("+PONG");
            }
        };
    }

    private static String entry(Path jar, String platform) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.startsWith("redis-server-") && name.endsWith("-" + platform))
                    .findFirst()
                    .orElseThrow(() -> new Fault("there is no Redis for " + platform));
        }
    }
}
