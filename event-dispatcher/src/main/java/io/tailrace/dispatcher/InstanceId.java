package io.tailrace.dispatcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * The name of an instance in its consumer groups. It is kept with the state: who has the state is the instance. So a
 * process that is started again gets its old tasks back at once, and two processes with two state directories are never
 * taken for one.
 */
final class InstanceId {
    private static final String FILE = "instance-id";

    private InstanceId() {}

    /**
     * The name that the settings give, or the one in the state directory, made at the first start.
     *
     * @throws UncheckedIOException if the directory cannot be written
     */
    static String of(DispatcherSettings settings) {
        if (!settings.instanceId().isBlank()) {
            return settings.instanceId().strip();
        }
        Path dir = Path.of(settings.stateDir());
        Path file = dir.resolve(FILE);
        try {
            Files.createDirectories(dir);
            if (!Files.exists(file)) {
                write(file);
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("state directory " + dir.toAbsolutePath(), e);
        }
    }

    /** A crash half way must not leave an empty file, which would be an empty name for ever. */
    private static void write(Path file) throws IOException {
        Path fresh = Files.createTempFile(file.getParent(), FILE, ".new");
        Files.write(fresh, UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException e) {
            Files.delete(fresh);
        }
    }
}
