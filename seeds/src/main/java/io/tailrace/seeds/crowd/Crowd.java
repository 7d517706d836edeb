package io.tailrace.seeds.crowd;

import io.tailrace.contracts.event.Follow;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * People by number. Few are followed by very many and most by few, as everywhere: the number of followers falls with a
 * power of a person's number.
 *
 * @param people how many there are
 */
public record Crowd(int people) {
    /** One show for so many people. */
    public static final int PEOPLE_PER_SHOW = 10_000;

    private static final Instant BEGINNING = Instant.parse("2026-02-01T00:00:00Z");
    private static final long FOLLOWS_LATER_MS = Duration.ofDays(30).toMillis();
    private static final long POSTS_LATER_MS = Duration.ofDays(60).toMillis();
    private static final int MOST_FOLLOWED = 50;
    private static final double FOLLOWS_MORE = 0.8;
    private static final double SKEW = 4;
    private static final double WRITES = 0.3;

    private static final List<String> FIRST = List.of(
            "Ada", "Bruno", "Chen", "Dalia", "Emre", "Freya", "Giulia", "Hana", "Ivan", "Jana", "Kofi", "Lena", "Marta",
            "Nils", "Olga", "Pablo", "Quinn", "Rosa", "Sami", "Tove", "Umar", "Vera", "Wanda", "Xenia", "Yusuf", "Zoë");
    private static final List<String> LAST = List.of(
            "Almeida",
            "Bergström",
            "Castillo",
            "Dvořák",
            "Eriksen",
            "Fischer",
            "García",
            "Haddad",
            "Ivanova",
            "Jensen",
            "Kowalski",
            "Lindqvist",
            "Müller",
            "Nováková",
            "Okafor",
            "Petrov",
            "Rossi",
            "Schmidt",
            "Tanaka",
            "Ueda",
            "Vargas",
            "Weber",
            "Yıldız",
            "Zhang");
    private static final List<String> WORDS = List.of(
            "water",
            "gate",
            "turbine",
            "river",
            "morning",
            "level",
            "rain",
            "bridge",
            "quiet",
            "generator",
            "spring",
            "heron",
            "valve",
            "shift",
            "concert",
            "north",
            "snow",
            "meter",
            "canal",
            "light");

    private enum Draw {
        PERSON,
        PERSON_EVENT,
        FOLLOWS,
        POST,
        SHOW
    }

    /** Checks the number. */
    public Crowd {
        if (people < 1) {
            throw new IllegalArgumentException("people: " + people + ", expected at least 1");
        }
    }

    /** A person. */
    public UserRegistered person(int number) {
        SplittableRandom dice = dice(Draw.PERSON, number);
        Instant at = BEGINNING.plusMillis(number);
        UUID id = id(at, dice);
        String first = FIRST.get(dice.nextInt(FIRST.size()));
        String last = LAST.get(dice.nextInt(LAST.size()));
        String email = plain(first) + "." + plain(last) + "." + number + "@example.org";
        String phone = String.format(Locale.ROOT, "+49%010d", dice.nextLong(1_500_000_000L, 1_800_000_000L));
        return new UserRegistered(id, email, first + " " + last, phone, at);
    }

    /** The id of the event of something; the same each time. */
    public UUID eventId(Instant at, int number, int more) {
        return id(at, new SplittableRandom(dice(Draw.PERSON_EVENT, number).nextLong() + more));
    }

    /** Whom a person follows. */
    public List<Follow> follows(int number) {
        SplittableRandom dice = dice(Draw.FOLLOWS, number);
        Set<Integer> followed = new LinkedHashSet<>();
        int wanted = 1;
        while (wanted < MOST_FOLLOWED && dice.nextDouble() < FOLLOWS_MORE) {
            wanted++;
        }
        for (int i = 0; i < wanted; i++) {
            followed.add((int) (people * Math.pow(dice.nextDouble(), SKEW)));
        }
        followed.remove(number);
        UUID follower = person(number).id();
        Instant at = BEGINNING.plusMillis(FOLLOWS_LATER_MS + number);
        return followed.stream()
                .map(followee -> new Follow(follower, person(followee).id(), at))
                .toList();
    }

    /** What a person wrote: mostly nothing. */
    public List<PostPublished> posts(int number) {
        SplittableRandom dice = dice(Draw.POST, number);
        if (dice.nextDouble() >= WRITES) {
            return List.of();
        }
        List<String> words = new ArrayList<>();
        int count = dice.nextInt(4, 16);
        for (int i = 0; i < count; i++) {
            words.add(WORDS.get(dice.nextInt(WORDS.size())));
        }
        Instant at = BEGINNING.plusMillis(POSTS_LATER_MS + number);
        return List.of(new PostPublished(id(at, dice), person(number).id(), String.join(" ", words) + ".", at));
    }

    /** What a person offers: one in ten thousand does. */
    public List<Show> shows(int number) {
        if (number % PEOPLE_PER_SHOW != 0) {
            return List.of();
        }
        SplittableRandom dice = dice(Draw.SHOW, number);
        Instant at = BEGINNING.plusMillis(POSTS_LATER_MS + number);
        String name = "An evening of " + WORDS.get(dice.nextInt(WORDS.size())) + " and "
                + WORDS.get(dice.nextInt(WORDS.size()));
        return List.of(new Show(
                id(at, dice),
                person(number).id().toString(),
                name,
                at.plus(Duration.ofDays(365L * 10)),
                List.of(new Section("A", 10, 20, BigDecimal.valueOf(dice.nextInt(10, 90)))),
                300,
                900,
                8));
    }

    private static SplittableRandom dice(Draw draw, int number) {
        return new SplittableRandom(((long) draw.ordinal() << 32) ^ number * 0x9E3779B97F4A7C15L);
    }

    /** UUID version 7 of a moment. */
    private static UUID id(Instant at, SplittableRandom dice) {
        long high = at.toEpochMilli() << 16 | 0x7000L | dice.nextInt(1 << 12);
        return new UUID(high, dice.nextLong() >>> 2 | 0x8000_0000_0000_0000L);
    }

    private static String plain(String name) {
        return java.text.Normalizer.normalize(name, java.text.Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .replace("ı", "i")
                .toLowerCase(Locale.ROOT);
    }
}
