package io.tailrace.backends;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/** Whether a server answers at an address, in its own language. */
@FunctionalInterface
interface Answers {
    /** The user of PostgreSQL that may do everything. */
    String SUPERUSER = "postgres";

    /** Asks once; an exception is a no. */
    boolean at(String address) throws IOException, SQLException, InterruptedException;

    /** PostgreSQL lets its superuser in. Needs the driver on the class path. */
    static boolean postgres(String address) throws SQLException {
        try (Connection connection =
                DriverManager.getConnection("jdbc:postgresql://" + address + "/postgres", SUPERUSER, "")) {
            return connection.isValid(1);
        }
    }

    /** Redis answers PING with PONG. */
    static boolean redis(String address) throws IOException {
        URI where = URI.create("redis://" + address);
        try (Socket socket = new Socket(where.getHost(), where.getPort())) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] pong = socket.getInputStream().readNBytes(5);
            return new String(pong, StandardCharsets.US_ASCII).equals("+PONG");
        }
    }

    /** Elasticsearch has all its primary shards. */
    static boolean elasticsearch(String address) throws IOException, InterruptedException {
        URI health = URI.create("http://" + address + "/_cluster/health?wait_for_status=yellow&timeout=1s");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(health)
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        }
    }
}
