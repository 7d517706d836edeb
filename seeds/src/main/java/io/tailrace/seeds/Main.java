package io.tailrace.seeds;

import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.seeds.crowd.Crowd;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;

/**
 * {@code ./tailrace migrate -dir seeds up --people N [--only-people]}: a crowd, through accounts and events. It can be
 * stopped at any moment; run again it goes on, and with a larger number it adds people.
 */
public final class Main {
    private static final int CHUNK = 2000;
    private static final int MOST_PEOPLE = 10_000_000;
    private static final long SAY_NS = TimeUnit.SECONDS.toNanos(2);

    private final Crowd crowd;
    private final AccountTable table;
    private final EventAppender events;
    private final PrintStream out;
    private long saidNs;

    private Main(Crowd crowd, AccountTable table, EventAppender events, PrintStream out) {
        this.crowd = crowd;
        this.table = table;
        this.events = events;
        this.out = out;
    }

    /** Runs it. Exit codes: 0 done, 1 a fault, 2 wrong usage. */
    public static void main(String[] args) {
        // Libraries write numbers in the digits of the default locale.
        Locale.setDefault(Locale.ROOT);
        System.exit(run(System.getenv(), List.of(args), System.out, System.err));
    }

    static int run(Map<String, String> environment, List<String> args, PrintStream out, PrintStream err) {
        List<String> words = new ArrayList<>(args);
        boolean onlyPeople = words.remove("--only-people");
        int at = words.indexOf("--people");
        if (words.size() != 2
                || at != 0
                || !words.get(1).matches("[0-9]{1,8}")
                || Integer.parseInt(words.get(1)) < 1
                || Integer.parseInt(words.get(1)) > MOST_PEOPLE) {
            err.println(
                    "usage: ./tailrace migrate -dir seeds up --people N [--only-people], N from 1 to " + MOST_PEOPLE);
            return 2;
        }
        Crowd crowd = new Crowd(Integer.parseInt(words.get(1)));
        try (AccountTable table = new AccountTable(
                        environment.getOrDefault("TAILRACE_POSTGRES_URL", "jdbc:postgresql://127.0.0.1:5432/tailrace"),
                        environment.getOrDefault("TAILRACE_POSTGRES_USER", "tailrace"),
                        environment.getOrDefault("TAILRACE_POSTGRES_PASSWORD", ""));
                EventAppender events = new EventAppender(
                        KafkaSettings.of(environment.getOrDefault("TAILRACE_KAFKA_BOOTSTRAP", "127.0.0.1:9092")))) {
            new Main(crowd, table, events, out).load(onlyPeople ? List.of(Step.PEOPLE) : List.of(Step.values()));
            return 0;
        } catch (SQLException | KafkaException e) {
            err.println("seeds: "
                    + Objects.requireNonNullElse(e.getMessage(), e.toString())
                            .lines()
                            .findFirst()
                            .orElse("") + "; run it again to go on");
            return 1;
        }
    }

    private void load(List<Step> steps) throws SQLException {
        for (Step step : steps) {
            long startedNs = System.nanoTime();
            int first = table.next(step);
            for (int from = first; from < crowd.people(); from += CHUNK) {
                int to = Math.min(crowd.people(), from + CHUNK);
                chunk(step, from, to);
                events.flush();
                table.passed(step, to);
                say(step, first, to, startedNs);
            }
        }
        out.println("done: " + crowd.people() + " people; everybody's password is tailrace-demo");
    }

    private void chunk(Step step, int from, int to) throws SQLException {
        switch (step) {
            case PEOPLE -> {
                List<UserRegistered> people = new ArrayList<>(to - from);
                for (int i = from; i < to; i++) {
                    people.add(crowd.person(i));
                }
                // An account without its event can be mended by running this again; an event without an account cannot.
                table.insert(people);
                for (int i = from; i < to; i++) {
                    UserRegistered person = people.get(i - from);
                    String key = person.id().toString();
                    events.send(
                            Topics.USERS,
                            key,
                            key,
                            crowd.eventId(person.createdAt(), i, 0),
                            EventTypes.USER_REGISTERED,
                            person.createdAt(),
                            person);
                }
            }
            case FOLLOWS -> each(from, to, this::follows);
            case POSTS -> each(from, to, this::posts);
            case SHOWS -> each(from, to, this::shows);
        }
    }

    private static void each(int from, int to, java.util.function.IntConsumer work) {
        for (int i = from; i < to; i++) {
            work.accept(i);
        }
    }

    private void follows(int number) {
        int more = 1;
        for (var follow : crowd.follows(number)) {
            String followee = follow.followeeId().toString();
            events.send(
                    Topics.FOLLOWS,
                    followee + "/" + follow.followerId(),
                    followee,
                    crowd.eventId(follow.at(), number, more++),
                    EventTypes.USER_FOLLOWED,
                    follow.at(),
                    follow);
        }
    }

    private void posts(int number) {
        for (var post : crowd.posts(number)) {
            String author = post.authorId().toString();
            events.send(
                    Topics.POSTS,
                    FactKeys.of(post.authorId(), post.id()),
                    author,
                    crowd.eventId(post.createdAt(), number, -1),
                    EventTypes.POST_PUBLISHED,
                    post.createdAt(),
                    post);
        }
    }

    private void shows(int number) {
        for (var show : crowd.shows(number)) {
            String key = show.id().toString();
            var at = crowd.person(number).createdAt();
            events.send(Topics.SHOWS, key, key, crowd.eventId(at, number, -2), SeatEvents.SHOW_CREATED, at, show);
        }
    }

    private void say(Step step, int first, int done, long startedNs) {
        long nowNs = System.nanoTime();
        if (nowNs - saidNs >= SAY_NS || done == crowd.people()) {
            saidNs = nowNs;
            out.printf(
                    Locale.ROOT,
                    "%s: %,d of %,d people, %,.0f/s%n",
                    step.name().toLowerCase(Locale.ROOT),
                    done,
                    crowd.people(),
                    (done - first) / ((nowNs - startedNs) / 1e9));
        }
    }
}
