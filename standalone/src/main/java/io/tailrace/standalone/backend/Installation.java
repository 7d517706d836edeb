package io.tailrace.standalone.backend;

import io.tailrace.standalone.Fault;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Maven built and brought. Immutable.
 *
 * @param home the root of the repository
 */
public record Installation(Path home) {
    /** The class path of a module that is run: its own jar first. */
    public String classPath(String module) {
        Path target = home.resolve(module).resolve("target");
        return file(target, module + "-*.jar") + File.pathSeparator + read(target.resolve("classpath"));
    }

    /** The class path of a module that does not have to be there; empty if it was never built. */
    public Optional<String> builtClassPath(String module) {
        return Files.exists(home.resolve(module).resolve("target/classpath"))
                ? Optional.of(classPath(module))
                : Optional.empty();
    }

    /** The class path of the Kafka broker: its own jars, and those that it shares with our services, but none of ours. */
    public String brokerClassPath() {
        Path target = home.resolve("standalone/target");
        return Stream.of("broker.classpath", "classpath")
                .flatMap(name -> Stream.of(read(target.resolve(name)).split(File.pathSeparator)))
                .filter(jar -> !Path.of(jar).startsWith(home))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** A server's archive, by a pattern of its file name. */
    public Path archive(String pattern) {
        return file(home.resolve("standalone/target/backends"), pattern);
    }

    /** The program that runs this JVM. */
    public static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    private static Path file(Path folder, String pattern) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
            for (Path file : files) {
                return file;
            }
        } catch (IOException e) {
            throw new Fault(folder + " is missing: run mvn package", e);
        }
        throw new Fault(folder.resolve(pattern) + " is missing: run mvn package");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new Fault(file + " is missing: run mvn package", e);
        }
    }
}
