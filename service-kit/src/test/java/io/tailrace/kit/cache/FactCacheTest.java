package io.tailrace.kit.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.backends.TestRedis;
import io.tailrace.kit.cache.CachedFacts.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Caches of two processes over one log, one Redis and one projection. */
@Tag("server")
class FactCacheTest {
    @Test
    void aValueIsReadFromItsSourceOnceByEachProcessOrFromWhatAnotherHasShared() {
        try (CachedFacts facts = new CachedFacts(TestRedis.shared().url());
                CachedFacts.Process one = facts.changing();
                CachedFacts.Process other = facts.changing()) {
            facts.write("a", 1);

            assertThat(one.read("a")).contains(new Fact("a", 1));
            assertThat(one.read("a")).contains(new Fact("a", 1));
            assertThat(other.read("a")).contains(new Fact("a", 1));

            assertThat(one.sourceReads() + other.sourceReads()).isEqualTo(1);
            assertThat(one.reads("local")).isEqualTo(1);
            assertThat(other.reads("redis")).isEqualTo(1);
        }
    }

    @Test
    void whatIsNotThereIsNotRemembered() {
        try (CachedFacts facts = new CachedFacts(TestRedis.shared().url());
                CachedFacts.Process one = facts.changing()) {
            assertThat(one.read("a")).isEmpty();

            facts.write("a", 1);

            assertThat(one.read("a")).contains(new Fact("a", 1));
        }
    }

    /** The promise: after their own write nobody reads what is older, in whichever process they read. */
    @Test
    void nobodyReadsWhatIsOlderThanTheirOwnWriteWhileOthersWriteAndRead() throws Exception {
        try (CachedFacts facts = new CachedFacts(TestRedis.shared().url());
                CachedFacts.Process one = facts.changing();
                CachedFacts.Process other = facts.changing()) {
            List<CachedFacts.Process> processes = List.of(one, other);
            List<CompletableFuture<Void>> people = new ArrayList<>();
            for (int person = 0; person < 4; person++) {
                Random random = new Random(person);
                CompletableFuture<Void> done = new CompletableFuture<>();
                people.add(done);
                var unused = Thread.ofPlatform().daemon().start(() -> {
                    try {
                        for (int i = 0; i < 100; i++) {
                            String key = "key-" + random.nextInt(3);
                            int written = facts.writeNext(key);
                            int read = processes
                                    .get(random.nextInt(2))
                                    .read(key)
                                    .orElseThrow()
                                    .number();
                            assertThat(read).isGreaterThanOrEqualTo(written);
                        }
                        done.complete(null);
                    } catch (Throwable e) {
                        done.completeExceptionally(e);
                    }
                });
            }
            for (CompletableFuture<Void> person : people) {
                person.get();
            }
            assertThat(one.reads("unsure") + other.reads("unsure")).isZero();
        }
    }

    @Test
    void anOldCopyInRedisIsNotUsedByAProcessThatStartsLater() {
        try (CachedFacts facts = new CachedFacts(TestRedis.shared().url());
                CachedFacts.Process one = facts.changing()) {
            facts.write("a", 1);
            assertThat(one.read("a")).contains(new Fact("a", 1));
            String old = facts.copy("a");
            facts.write("a", 2);
            assertThat(one.read("a")).contains(new Fact("a", 2));

            // As a Redis has it that was restored from a snapshot, or that a slow process has written to.
            facts.putCopy("a", old);
            try (CachedFacts.Process later = facts.changing()) {
                assertThat(later.read("a")).contains(new Fact("a", 2));
                assertThat(later.stale()).isEqualTo(1);
            }
        }
    }

    @Test
    void aCopyThatNobodyCanReadIsNone() {
        try (CachedFacts facts = new CachedFacts(TestRedis.shared().url());
                CachedFacts.Process one = facts.changing()) {
            facts.write("a", 1);
            for (String text : List.of("", "x", "x 1 {", "x y {}", "x 1 {\"number\":\"no\"}")) {
                facts.putCopy("a", text);
                assertThat(one.read("a")).contains(new Fact("a", 1));
                facts.write("a", 1);
            }
        }
    }

    @Test
    void readsGoOnWhileRedisIsAwayAndAfterItHasComeBackEmpty() {
        try (TestRedis redis = new TestRedis();
                CachedFacts facts = new CachedFacts(redis.url());
                CachedFacts.Process one = facts.changing();
                CachedFacts.Process other = facts.changing()) {
            facts.write("a", 1);
            assertThat(one.read("a")).contains(new Fact("a", 1));

            redis.close();
            facts.write("a", 2);
            facts.write("b", 1);
            assertThat(one.read("a")).contains(new Fact("a", 2));
            assertThat(other.read("a")).contains(new Fact("a", 2));
            assertThat(other.read("b")).contains(new Fact("b", 1));
            facts.write("a", 3);
            assertThat(one.read("a")).contains(new Fact("a", 3));

            redis.restart();
            facts.write("a", 4);
            assertThat(other.read("a")).contains(new Fact("a", 4));
            assertThat(one.read("a")).contains(new Fact("a", 4));
            Eventually.holds("copies are shared again", () -> {
                facts.write("c", 1);
                assertThat(one.read("c")).isPresent();
                return facts.hasCopy("c");
            });
        }
    }

    @Test
    void aReadGoesPastTheCacheWhileItIsNotKnownWhatHasChanged() {
        try (CachedFacts facts = new CachedFacts(TestRedis.shared().url());
                CachedFacts.Process one = facts.changing()) {
            facts.write("a", 1);
            assertThat(one.read("a")).contains(new Fact("a", 1));

            facts.silenceTheLog();
            facts.project("a", 2);

            assertThat(one.read("a")).contains(new Fact("a", 2));
            assertThat(one.reads("unsure")).isEqualTo(1);
        }
    }

    @Test
    void whatAProjectionSaysThatLagsIsNotKept() {
        try (CachedFacts facts = new CachedFacts(TestRedis.shared().url());
                CachedFacts.Process one = facts.changing()) {
            facts.write("a", 1);
            facts.publish("a", 2);

            assertThat(one.read("a")).contains(new Fact("a", 1));
            facts.catchUp("a", 2);

            assertThat(one.read("a")).contains(new Fact("a", 2));
        }
    }

    @Test
    void aTopicThatIsMadeAnewOutdatesEverything() {
        try (CachedFacts facts = new CachedFacts(TestRedis.shared().url());
                CachedFacts.Process one = facts.changing()) {
            for (int i = 1; i <= 3; i++) {
                facts.write("a", i);
            }
            assertThat(one.read("a")).contains(new Fact("a", 3));

            facts.makeTopicAnew();
            facts.write("a", 1);

            Eventually.holds(
                    "the value of the new topic is read",
                    () -> one.read("a").filter(new Fact("a", 1)::equals).isPresent());
        }
    }

    @Test
    void aFactThatDoesNotChangeIsUsedWithoutAskingAnybodyUntilATombstoneTakesItAway() {
        try (CachedFacts facts = new CachedFacts(TestRedis.shared().url());
                CachedFacts.Process one = facts.unchanging();
                CachedFacts.Process other = facts.unchanging()) {
            facts.write("a", 1);
            one.cache().made("a", new Fact("a", 1));
            one.awaitEnd("a");
            assertThat(one.read("a")).contains(new Fact("a", 1));
            assertThat(one.cache().present("a")).contains(new Fact("a", 1));
            assertThat(one.sourceReads()).isZero();
            other.awaitEnd("a");
            assertThat(other.read("a")).contains(new Fact("a", 1));
            assertThat(facts.hasCopy("a")).isTrue();

            facts.erase("a");

            Eventually.holds("it is gone here", () -> one.cache().present("a").isEmpty());
            Eventually.holds(
                    "it is gone there", () -> other.cache().present("a").isEmpty());
            Eventually.holds("it is gone in Redis", () -> !facts.hasCopy("a"));
            assertThat(one.read("a")).isEmpty();
            assertThat(other.read("a")).isEmpty();
        }
    }

    @Test
    void noMoreValuesAreKeptThanAllowed() {
        try (CachedFacts facts = new CachedFacts(TestRedis.shared().url());
                CachedFacts.Process one = facts.unchanging()) {
            for (int i = 0; i < 50; i++) {
                one.cache().made("key-" + i, new Fact("key-" + i, i));
            }

            assertThat(one.entries()).isLessThanOrEqualTo(CachedFacts.MAX_ENTRIES);
        }
    }

    @Test
    void aLongValueIsNotShared() {
        try (CachedFacts facts = new CachedFacts(TestRedis.shared().url());
                CachedFacts.Process one = facts.changing()) {
            String key = "k".repeat(CachedFacts.MAX_SHARED);
            facts.write(key, 1);

            assertThat(one.read(key)).isPresent();
            assertThat(one.read(key)).isPresent();
            assertThat(one.reads("local")).isEqualTo(1);
            assertThat(facts.hasCopy(key)).isFalse();
            assertThat(key.getBytes(UTF_8)).hasSize(CachedFacts.MAX_SHARED);
        }
    }
}
