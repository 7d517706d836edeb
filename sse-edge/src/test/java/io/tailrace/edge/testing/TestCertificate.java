package io.tailrace.edge.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for 127.0.0.1 that nobody has signed, and its key, as the PEM files that a server is configured with. */
public final class TestCertificate {
    private static final String PASSWORD = "changeit";

    private final Path folder;
    private final KeyStore store;

    private TestCertificate(Path folder, KeyStore store) {
        this.folder = folder;
        this.store = store;
    }

    /** Makes one. */
    public static TestCertificate create() {
        try {
            Path folder = Files.createTempDirectory("certificate");
            Path file = folder.resolve("store.p12");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "key",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "san=ip:127.0.0.1,dns:localhost",
                            "-validity",
                            "2",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            PASSWORD,
                            "-keystore",
                            file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (keytool.waitFor() != 0) {
                throw new AssertionError("keytool ended with " + keytool.exitValue());
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD.toCharArray());
            }
            TestCertificate certificate = new TestCertificate(folder, store);
            certificate.write(
                    "key.pem",
                    "PRIVATE KEY",
                    store.getKey("key", PASSWORD.toCharArray()).getEncoded());
            certificate.write(
                    "certificate.pem",
                    "CERTIFICATE",
                    store.getCertificate("key").getEncoded());
            return certificate;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Settings of a server that has it, at a free port. */
    public Map<String, Object> settings() {
        return Map.of(
                "tailrace.http.tls.enabled",
                "true",
                "tailrace.http.tls.port",
                -1,
                "tailrace.http.tls.key-file",
                folder.resolve("key.pem").toString(),
                "tailrace.http.tls.certificate-file",
                folder.resolve("certificate.pem").toString());
    }

    /** Settings of a gRPC server that has it. */
    public Map<String, Object> grpcSettings() {
        return Map.of(
                "tailrace.grpc.tls.enabled",
                "true",
                "tailrace.grpc.tls.key-file",
                folder.resolve("key.pem").toString(),
                "tailrace.grpc.tls.certificate-file",
                certificateFile().toString());
    }

    /** The certificate as a client may trust it. */
    public Path certificateFile() {
        return folder.resolve("certificate.pem");
    }

    /** For a client that trusts it. */
    public SSLContext trusting() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("server", store.getCertificate("key"));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private void write(String name, String type, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(
                folder.resolve(name), "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }
}
