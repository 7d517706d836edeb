package io.tailrace.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    @Test
    void theRepositoryHoldsNone() throws Exception {
        assertThat(Secrets.in(SourceTree.here().root())).isEmpty();
    }

    @Test
    void eachKindIsFoundAndNotRepeated(@TempDir Path root) throws Exception {
        Files.writeString(root.resolve("a.pem"), "-----BEGIN EC PRIVATE KEY-----\n" + "A".repeat(64));
        Files.writeString(root.resolve("b.json"), "{\"d\": \"" + "b".repeat(43) + "\"}");
        Files.writeString(
                root.resolve("c.md"), "eyJ" + "a".repeat(20) + ".eyJ" + "b".repeat(20) + "." + "c".repeat(43));
        Files.writeString(root.resolve("d.env"), "KEY=AKIA" + "Z".repeat(16) + "\nT=ghp_" + "0".repeat(36));
        Files.writeString(root.resolve("e.yml"), "url: redis://user:" + "9".repeat(12) + "@host");
        Files.createDirectory(root.resolve("target"));
        Files.writeString(root.resolve("target/f.pem"), "-----BEGIN PRIVATE KEY-----\n" + "A".repeat(64));

        assertThat(Secrets.in(root))
                .containsExactly(
                        "a.pem holds what looks like a private key",
                        "b.json holds what looks like a private JWK",
                        "c.md holds what looks like a signed token",
                        "d.env holds what looks like a GitHub token",
                        "d.env holds what looks like an AWS key",
                        "e.yml holds what looks like a password in a URL");
    }
}
