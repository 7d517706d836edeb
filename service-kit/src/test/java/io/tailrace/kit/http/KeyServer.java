package io.tailrace.kit.http;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** Serves one file over HTTP. */
final class KeyServer implements AutoCloseable {
    private final HttpServer server;
    private final String url;

    KeyServer(Path file) throws IOException {
        server = HttpServer.create(
                new InetSocketAddress("127.0.0.1", 0),
                0,
                "/",
                SimpleFileServer.createFileHandler(file.resolveSibling(".").toRealPath()));
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort() + "/" + file.getFileName();
    }

    String url() {
        return url;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
