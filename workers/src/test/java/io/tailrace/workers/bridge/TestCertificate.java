package io.tailrace.workers.bridge;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate that nobody has signed, and its key, as PEM.
 *
 * @param certificate the file of the certificate
 * @param key that of its key
 */
record TestCertificate(Path certificate, Path key) {
    private static final String PASSWORD = "changeit";

    /** Makes one for a host. */
    static TestCertificate create(Path folder, String host)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = folder.resolve("store.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process made = new ProcessBuilder((keytool
                                + " -genkeypair -alias key -keyalg EC -groupname secp256r1 -validity 2 -storetype"
                                + " PKCS12 -storepass " + PASSWORD + " -dname CN=" + host + " -ext san=dns:" + host
                                + " -keystore " + file)
                        .split(" ", -1))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (made.waitFor() != 0) {
            throw new AssertionError("keytool ended with " + made.exitValue());
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return new TestCertificate(
                write(folder, "CERTIFICATE", store.getCertificate("key").getEncoded()),
                write(
                        folder,
                        "PRIVATE KEY",
                        store.getKey("key", PASSWORD.toCharArray()).getEncoded()));
    }

    private static Path write(Path folder, String label, byte[] der) throws IOException {
        String text = "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
        return Files.writeString(folder.resolve(label.replace(' ', '-') + ".pem"), text);
    }
}
