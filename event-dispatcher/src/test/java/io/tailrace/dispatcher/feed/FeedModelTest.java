package io.tailrace.dispatcher.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.dispatcher.testing.Facts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Any history of follows, unfollows and posts gives what a few lines over a map of sets give. */
class FeedModelTest {
    private static final int PEOPLE = 5;
    private static final int THRESHOLD = 3;

    private sealed interface Step {
        record Follow(int follower, int followee) implements Step {}

        record Unfollow(int follower, int followee) implements Step {}

        record Post(int author, int number) implements Step {}
    }

    @Property(tries = 40, shrinking = ShrinkingMode.BOUNDED)
    void the_channels_hold_what_the_model_says(
            @ForAll("histories") List<Step> history,
            @ForAll @IntRange(max = 3) int atOnce,
            @ForAll @IntRange(min = 1, max = 3) int perTurn) {
        Model model = new Model();
        try (FeedHarness feeds = FeedHarness.inTurns(THRESHOLD, atOnce, perTurn)) {
            for (Step step : history) {
                if (step instanceof Step.Unfollow) {
                    // Who unfollows before it is their turn gets nothing any more.
                    feeds.allTurns();
                }
                model.apply(step);
                switch (step) {
                    case Step.Follow(int follower, int followee) -> feeds.follow(person(follower), person(followee));
                    case Step.Unfollow(int follower, int followee) ->
                        feeds.unfollow(person(follower), person(followee));
                    case Step.Post(int author, int number) ->
                        feeds.posts.pipeInput(Facts.post(post(number), person(author), "post " + number));
                }
            }

            feeds.allTurns();
            List<String> delivered = new ArrayList<>(feeds.fedBriefly());
            delivered.addAll(feeds.authorsBriefly());
            assertThat(byChannel(delivered)).isEqualTo(model.channels);
            assertThat(feeds.harness.deadLetters()).isEmpty();
        }
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Integer> people = Arbitraries.integers().between(0, PEOPLE - 1);
        Arbitrary<Step> follow = Combinators.combine(people, people).as(Step.Follow::new);
        Arbitrary<Step> unfollow = Combinators.combine(people, people).as(Step.Unfollow::new);
        // Few numbers, so that some posts come twice; their author is then the same, as an id has one author.
        Arbitrary<Step> post =
                Arbitraries.integers().between(0, 40).map(number -> new Step.Post(number % PEOPLE, number));
        return Arbitraries.frequencyOf(Tuple.of(4, follow), Tuple.of(2, unfollow), Tuple.of(3, post))
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    /** The reference: sets of followers, lists of posts by channel. */
    private static final class Model {
        private final Map<Integer, Set<Integer>> followers = new HashMap<>();
        private final Set<Integer> posted = new TreeSet<>();
        private final Map<String, List<UUID>> channels = new TreeMap<>();

        void apply(Step step) {
            switch (step) {
                case Step.Follow(int follower, int followee) -> {
                    if (follower != followee) {
                        of(followee).add(follower);
                    }
                }
                case Step.Unfollow(int follower, int followee) -> of(followee).remove(follower);
                case Step.Post(int author, int number) -> {
                    if (posted.add(number)) {
                        deliver(author, number);
                    }
                }
            }
        }

        private void deliver(int author, int number) {
            put("feed:" + person(author), number);
            if (of(author).size() > THRESHOLD) {
                put("author:" + person(author), number);
            } else {
                of(author).forEach(follower -> put("feed:" + person(follower), number));
            }
        }

        private Set<Integer> of(int followee) {
            return followers.computeIfAbsent(followee, nobody -> new TreeSet<>());
        }

        private void put(String channel, int number) {
            channels.computeIfAbsent(byAuthor(channel, post(number)), none -> new ArrayList<>())
                    .add(post(number));
        }
    }

    private static Map<String, List<UUID>> byChannel(List<String> lines) {
        Map<String, List<UUID>> channels = new TreeMap<>();
        for (String line : lines) {
            int space = line.indexOf(' ');
            UUID post = UUID.fromString(line.substring(space + 1));
            channels.computeIfAbsent(byAuthor(line.substring(0, space), post), none -> new ArrayList<>())
                    .add(post);
        }
        return channels;
    }

    /** The posts of one author come in their order; those of others may come in between, earlier or later. */
    private static String byAuthor(String channel, UUID post) {
        return channel + " by " + post.getLeastSignificantBits() % PEOPLE;
    }

    private static UUID person(int number) {
        return new UUID(number, -number);
    }

    private static UUID post(int number) {
        return new UUID(1_000, number);
    }
}
