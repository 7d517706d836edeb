package io.tailrace.standalone.backend;

import io.tailrace.standalone.process.Probe;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * Asks by HTTP; 200 is yes.
 *
 * @param uri what to get
 */
public record HttpProbe(URI uri) implements Probe {
    private static final int TIMEOUT_MS = 3_000;

    /** The readiness of a service of ours. */
    public static HttpProbe readiness(int port) {
        return new HttpProbe(URI.create("http://127.0.0.1:" + port + "/health/readiness"));
    }

    @Override
    public boolean isReady() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        try {
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } finally {
            connection.disconnect();
        }
    }
}
