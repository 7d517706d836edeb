package io.tailrace.standalone.data;

import io.tailrace.standalone.Fault;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The ports of the servers: free ones of the loopback interface, chosen once and kept, so that a client of one start
 * finds the servers of the next.
 *
 * <p>They lie below the ranges from which Linux (from 32768) and macOS (from 49152) take the local ports of outgoing
 * connections: a client that keeps on connecting to a dead server's port within such a range may meet itself there (a
 * TCP self-connect) and keep the server from coming back.
 */
public final class Ports {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 31_999;
    private static final int ATTEMPTS = 1_000;

    private Ports() {}

    /** The kept port of each name; names that have none, or one that is taken now, get a new one. */
    public static Map<String, Integer> choose(DataFolder folder, List<String> names, RandomGenerator random) {
        Path file = folder.portsFile();
        Map<String, Integer> kept = read(file);
        Map<String, Integer> chosen = new LinkedHashMap<>();
        for (String name : names) {
            int port = kept.getOrDefault(name, 0);
            for (int i = 0; (port == 0 || chosen.containsValue(port) || !isFree(port)) && i < ATTEMPTS; i++) {
                port = random.nextInt(LOWEST, HIGHEST + 1);
            }
            if (!isFree(port)) {
                throw new Fault("no free port for " + name + " between " + LOWEST + " and " + HIGHEST);
            }
            chosen.put(name, port);
        }
        kept.putAll(chosen);
        Map<String, Integer> sorted = new TreeMap<>(kept);
        SmallFile.write(
                file,
                sorted.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                        .collect(Collectors.joining()));
        return chosen;
    }

    /** Whether nobody listens on a port of the loopback interface, or on all interfaces. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Map<String, Integer> read(Path file) {
        Map<String, Integer> ports = new TreeMap<>();
        if (!Files.exists(file)) {
            return ports;
        }
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            return ports;
        }
        for (String name : properties.stringPropertyNames()) {
            String text = properties.getProperty(name);
            if (text.matches("[0-9]{1,5}")) {
                ports.put(name, Integer.parseInt(text));
            }
        }
        return ports;
    }
}
