package io.tailrace.systemtests.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Uploads with the npm package {@code tus-js-client} in a Node.js process of its own. */
public final class NodeUpload {
    private static final long LIMIT_S = 120;

    private NodeUpload() {}

    /**
     * Uploads some chunks, cuts the connection in the middle of the next, and goes on with a new client that knows the URL alone.
     *
     * @param chunks of a MiB, at least five
     * @return {@code {url, sent, resumed_at}}: where it is, how many bytes were acknowledged before the cut, and where the second began
     */
    public static JsonNode cutAndResume(String endpoint, String token, int chunks)
            throws IOException, InterruptedException {
        Path folder = NodeFolder.install("tus-client", "upload.js", "tus-js-client");
        Path out = folder.resolve("upload.out");
        Path err = folder.resolve("upload.err");
        ProcessBuilder builder = new ProcessBuilder("node", "upload.js", endpoint, Integer.toString(chunks))
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("TOKEN", token);
        Process process = builder.start();
        boolean ended = process.waitFor(LIMIT_S, TimeUnit.SECONDS);
        process.destroyForcibly();
        if (!ended || process.exitValue() != 0) {
            throw new IOException("upload.js failed: " + Files.readString(out) + Files.readString(err));
        }
        return new ObjectMapper().readTree(Files.readString(out));
    }
}
