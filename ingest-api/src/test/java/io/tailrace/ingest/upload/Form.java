package io.tailrace.ingest.upload;

import io.tailrace.ingest.testing.Http;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A multipart form as a browser sends it. For one thread. */
final class Form {
    private static final String TYPE = "multipart/form-data; boundary=----tailrace";

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    Form file(String name, String type, byte[] content) {
        body.writeBytes(("------tailrace\r\nContent-Disposition: form-data; name=\"files\"; filename=\"" + name
                        + "\"\r\nContent-Type: " + type + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(content);
        body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        return this;
    }

    Form file(String name, String text) {
        return file(name, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends it to {@code /uploads}. */
    Http.Answer send(Http caller) {
        body.writeBytes("------tailrace--\r\n".getBytes(StandardCharsets.UTF_8));
        return caller.header("Content-Type", TYPE).send("POST", "/uploads", body.toByteArray());
    }
}
