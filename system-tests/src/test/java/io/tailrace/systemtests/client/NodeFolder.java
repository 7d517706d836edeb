package io.tailrace.systemtests.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A folder with a program for Node.js and the packages that it needs. */
final class NodeFolder {
    private static final long INSTALL_LIMIT_S = 180;

    private NodeFolder() {}

    /**
     * Makes it below {@code target}, once.
     *
     * @param name the folder's name, also among the resources
     * @param program the program's file
     * @param dependency a package that shows that all of them are there
     */
    static Path install(String name, String program, String dependency) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("target", name)).toAbsolutePath();
        for (String file : List.of("package.json", program)) {
            try (var in = NodeFolder.class.getResourceAsStream("/" + name + "/" + file)) {
                Files.copy(Objects.requireNonNull(in), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (!Files.isDirectory(folder.resolve("node_modules").resolve(dependency))) {
            Process npm;
            try {
                npm = new ProcessBuilder("npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent")
                        .directory(folder.toFile())
                        // Node.js makes what it inherits non-blocking, and the pipes of this JVM are the runner's.
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException e) {
                throw new IOException(
                        "this test needs Node.js 20 or later with npm: install it (Debian: nodejs, npm)", e);
            }
            if (!npm.waitFor(INSTALL_LIMIT_S, TimeUnit.SECONDS) || npm.exitValue() != 0) {
                throw new IOException("npm could not install the package " + dependency);
            }
        }
        return folder;
    }
}
