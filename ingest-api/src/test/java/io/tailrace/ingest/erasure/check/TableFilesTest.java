package io.tailrace.ingest.erasure.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Backends;
import io.tailrace.backends.Server;
import io.tailrace.migrations.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The server's files are looked at, so it is never one in a container. */
@Tag("server")
class TableFilesTest {
    private static final String EMAIL = "zoraida.quetzal@example.org";

    @Test
    void no_file_of_postgresql_has_somebody_in_it_who_was_deleted_when_the_tables_were_written_anew() throws Exception {
        try (Server server = Backends.named(Backends.DEFAULT).postgres()) {
            String url = "jdbc:postgresql://" + server.address() + "/postgres";
            var unused = Schema.migrate(url, "postgres", "");
            Path data;
            try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                    Statement statement = connection.createStatement()) {
                try (ResultSet row = statement.executeQuery("show data_directory")) {
                    row.next();
                    data = Path.of(row.getString(1));
                }
                statement.execute("insert into users (id, email, name, created_at) select gen_random_uuid(), '" + EMAIL
                        + "' || n, 'Zoraida', now() from generate_series(1, 50) as n");
                statement.execute("analyze");
                statement.execute("checkpoint");
                statement.execute("delete from users");
                statement.execute("checkpoint");
            }
            assertThat(found(data)).isNotEmpty();

            TableFiles files = new TableFiles(url, "postgres", "");
            files.writeAnew();

            assertThat(found(data)).isEmpty();
        }
    }

    private static List<Path> found(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (hasIt(file)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                // The server runs: it may have deleted one that was listed.
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        return found;
    }

    private static boolean hasIt(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(EMAIL);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
