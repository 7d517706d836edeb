package io.tailrace.search.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.search.document.PostIndex;
import io.tailrace.search.testing.TestElasticsearch;
import io.tailrace.search.testing.TestService;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class ReindexingTest {
    private static final TestElasticsearch ELASTICSEARCH = TestElasticsearch.shared();

    private static final Reindexing.Listener NOBODY = new Reindexing.Listener() {
        @Override
        public void begins(String index, boolean resumed) {}

        @Override
        public void progress(long done, long total) {}

        @Override
        public void waits(String reason) {}
    };

    @Test
    void putsANewIndexIntoThePlaceOfTheOldAndTheIndexerGoesOnWithIt() throws Exception {
        try (TestService service = TestService.start()) {
            // given
            String word = word();
            PostPublished before = TestService.post(word);
            Eventually.holds("it is found", () -> service.found("posts", word)
                    .contains(before.id().toString()));
            String old = behind(service);

            // when
            List<Integer> found = new ArrayList<>();
            Reindexing.Outcome outcome = service.bean(Reindexing.class)
                    .run(new PostIndex(), false, new Watcher(service, word, found), () -> false);

            // then searching went on, and goes on
            assertThat(outcome).isEqualTo(Reindexing.Outcome.SWAPPED);
            assertThat(found).isNotEmpty().containsOnly(1);
            assertThat(behind(service)).isNotEqualTo(old).startsWith(old + "-r");
            assertThat(ELASTICSEARCH.request("GET", "/" + old, null).statusCode())
                    .isEqualTo(404);
            assertThat(service.found("posts", word)).hasSize(1);
            PostPublished after = TestService.post(word);
            Eventually.holds("what is written now is found", () -> service.found("posts", word)
                    .contains(after.id().toString()));
        }
    }

    @Test
    void goesOnWhereItWasStopped() throws Exception {
        try (TestService service =
                TestService.start("t" + UUID.randomUUID() + "-", Map.of("tailrace.search.batch-records", "1"))) {
            // given one that is stopped after its first record
            String word = word();
            for (int i = 0; i < 5; i++) {
                TestService.post(word);
            }
            Eventually.holds(
                    "they are found", () -> service.found("posts", word).size() == 5);
            String old = behind(service);
            AtomicLong done = new AtomicLong();
            Reindexing.Outcome stopped =
                    service.bean(Reindexing.class).run(new PostIndex(), false, new Counter(done), () -> done.get() > 0);
            assertThat(stopped).isEqualTo(Reindexing.Outcome.STOPPED);
            assertThat(behind(service)).isEqualTo(old);

            // when
            List<Boolean> resumed = new ArrayList<>();
            Reindexing.Outcome outcome =
                    service.bean(Reindexing.class).run(new PostIndex(), false, new Resumption(resumed), () -> false);

            // then
            assertThat(outcome).isEqualTo(Reindexing.Outcome.SWAPPED);
            assertThat(resumed).containsExactly(true);
            assertThat(service.found("posts", word)).hasSize(5);
            assertThat(indexes(service)).hasSize(1);
        }
    }

    @Test
    void beginsAnewIfToldTo() throws Exception {
        try (TestService service = TestService.start()) {
            // given
            String word = word();
            TestService.post(word);
            Eventually.holds("it is found", () -> service.found("posts", word).size() == 1);
            service.bean(Reindexing.class).run(new PostIndex(), false, NOBODY, () -> true);

            // when
            List<Boolean> resumed = new ArrayList<>();
            service.bean(Reindexing.class).run(new PostIndex(), true, new Resumption(resumed), () -> false);

            // then
            assertThat(resumed).containsExactly(false);
            assertThat(indexes(service)).hasSize(1);
        }
    }

    private record Watcher(TestService service, String word, List<Integer> found) implements Reindexing.Listener {
        @Override
        public void begins(String index, boolean resumed) {}

        @Override
        public void progress(long done, long total) {
            found.add(service.found("posts", word).size());
        }

        @Override
        public void waits(String reason) {}
    }

    private record Counter(AtomicLong count) implements Reindexing.Listener {
        @Override
        public void begins(String index, boolean resumed) {}

        @Override
        public void progress(long done, long total) {
            count.set(done);
        }

        @Override
        public void waits(String reason) {}
    }

    private record Resumption(List<Boolean> resumed) implements Reindexing.Listener {
        @Override
        public void begins(String index, boolean again) {
            resumed.add(again);
        }

        @Override
        public void progress(long done, long total) {}

        @Override
        public void waits(String reason) {}
    }

    private static String behind(TestService service) throws Exception {
        HttpResponse<String> aliases = ELASTICSEARCH.request("GET", "/_alias/" + service.prefix() + "posts", null);
        return TestService.json(aliases).fieldNames().next();
    }

    private static List<String> indexes(TestService service) throws Exception {
        HttpResponse<String> all = ELASTICSEARCH.request("GET", "/" + service.prefix() + "posts-*/_settings", null);
        List<String> names = new ArrayList<>();
        TestService.json(all).fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String word() {
        return "w" + UUID.randomUUID().toString().replace("-", "");
    }
}
