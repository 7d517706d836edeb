package io.tailrace.systemtests.chaos.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What clients do: read slowly, change their channels, get other tokens. It keeps in mind what each client wants and may
 * read, so that it asks for nothing twice.
 */
final class ReaderDeck {
    private static final long FIRST_MS = 1_000;
    private static final long MIN_PAUSE_MS = 150;
    private static final long MAX_PAUSE_MS = 1_200;
    private static final int KINDS = 8;

    private final SplittableRandom random;
    private final List<String> names;
    private final List<Wishes> clients = new ArrayList<>();

    private record Wishes(int number, Set<String> wanted, Set<String> revoked) {
        /** The channels that may be taken away: a client keeps one, or its stream ends. */
        List<String> spare() {
            List<String> spare = new ArrayList<>(wanted);
            spare.removeIf(channel -> channel.startsWith("feed:"));
            return spare.size() == wanted.size() && spare.size() <= 1 ? List.of() : spare;
        }
    }

    ReaderDeck(SplittableRandom random, List<Reader> readers, Scale scale) {
        this.random = random;
        this.names = scale.names();
        readers.forEach(
                reader -> clients.add(new Wishes(reader.number(), new TreeSet<>(reader.channels()), new TreeSet<>())));
    }

    List<Schedule.Step> deal(long durationMs) {
        List<Schedule.Step> steps = new ArrayList<>();
        for (long atMs = FIRST_MS; atMs < durationMs; atMs += random.nextLong(MIN_PAUSE_MS, MAX_PAUSE_MS)) {
            Wishes client = clients.get(random.nextInt(clients.size()));
            Fault fault = draw(client);
            steps.add(new Schedule.Step(atMs, fault == null ? new Fault.Renew(client.number) : fault));
        }
        return steps;
    }

    private @Nullable Fault draw(Wishes client) {
        return switch (random.nextInt(KINDS)) {
            case 0, 1 -> new Fault.Slow(client.number, random.nextLong(2_000, 15_000));
            case 2 -> revoke(client);
            case 3 -> grant();
            case 4 -> add(client);
            case 5 -> remove(client);
            case 6 -> new Fault.Trespass(client.number, Scale.SECRET);
            default -> new Fault.Renew(client.number);
        };
    }

    private @Nullable Fault revoke(Wishes client) {
        String channel = any(client.spare());
        if (channel == null) {
            return null;
        }
        client.wanted.remove(channel);
        client.revoked.add(channel);
        return new Fault.Revoke(client.number, channel);
    }

    /** For one of those who have lost something; they are few. */
    private @Nullable Fault grant() {
        List<Wishes> poorer =
                clients.stream().filter(client -> !client.revoked.isEmpty()).toList();
        if (poorer.isEmpty()) {
            return null;
        }
        Wishes client = poorer.get(random.nextInt(poorer.size()));
        List<String> revoked = List.copyOf(client.revoked);
        String channel = revoked.get(random.nextInt(revoked.size()));
        client.revoked.remove(channel);
        client.wanted.add(channel);
        return new Fault.Grant(client.number, channel, start());
    }

    private @Nullable Fault add(Wishes client) {
        List<String> others = names.stream()
                .filter(name -> !client.wanted.contains(name) && !client.revoked.contains(name))
                .toList();
        String channel = any(others);
        if (channel == null) {
            return null;
        }
        client.wanted.add(channel);
        return new Fault.Add(client.number, channel, start());
    }

    private @Nullable Fault remove(Wishes client) {
        String channel = any(client.spare());
        if (channel == null) {
            return null;
        }
        client.wanted.remove(channel);
        return new Fault.Remove(client.number, channel);
    }

    private @Nullable String any(List<String> choices) {
        return choices.isEmpty() ? null : choices.get(random.nextInt(choices.size()));
    }

    private String start() {
        return switch (random.nextInt(3)) {
            case 0 -> "earliest";
            case 1 -> "live";
            default -> "last:" + random.nextInt(1, 40);
        };
    }
}
