package io.tailrace.kit.http;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * TLS at a port of its own, beside the one in clear text, which can then stay on the loopback address. Immutable.
 *
 * @param enabled whether it is spoken
 * @param host the address; that of {@code tailrace.http.host} if it is empty
 * @param port the port
 * @param certificateFile absolute path of a PEM file with the server's certificate and those between it and its
 *     authority. It and the key are read again when they change
 * @param keyFile absolute path of a PEM file with the certificate's key, PKCS#8 and not encrypted
 */
@ConfigurationProperties("tailrace.http.tls")
public record TlsSettings(
        @Bindable(defaultValue = "false") boolean enabled,
        @Nullable String host,
        @Bindable(defaultValue = "8443") int port,
        @Nullable String certificateFile,
        @Nullable String keyFile) {
    /** Checks that what is needed is there. */
    public TlsSettings {
        if (enabled) {
            absolute("certificate-file", certificateFile);
            absolute("key-file", keyFile);
        }
    }

    private static void absolute(String name, @Nullable String file) {
        if (file == null || !Path.of(file).isAbsolute()) {
            throw new IllegalArgumentException(
                    "tailrace.http.tls." + name + ": " + file + ", expected the absolute path of a PEM file");
        }
    }
}
