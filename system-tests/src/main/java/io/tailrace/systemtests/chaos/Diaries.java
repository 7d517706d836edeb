package io.tailrace.systemtests.chaos;

import io.tailrace.systemtests.chaos.stream.StreamClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is left for people of a run that went wrong. */
final class Diaries {
    private Diaries() {}

    /** Writes the last lines of each client's record into a folder. */
    static void keep(List<StreamClient> clients, Path data) {
        try {
            Path folder = Files.createDirectories(data.resolve("clients"));
            for (StreamClient client : clients) {
                Files.write(
                        folder.resolve(client.name().replace(' ', '-') + ".txt"),
                        client.diary().text());
            }
        } catch (IOException e) {
            System.err.println("chaos: the clients' records are lost: " + e);
        }
    }
}
