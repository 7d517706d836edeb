package io.tailrace.ingest.post;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.rekey.TopicRekeying;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.Projections;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class PostDeletionTest {
    private final UUID author = UUID.randomUUID();
    private final UUID post = UUID.randomUUID();
    private final Http http = TestIngest.shared().with(TestKeys.shared().person(author));

    @BeforeEach
    void keysAreThere() {
        TopicRekeying keys = TestIngest.shared().bean(TopicRekeying.class);
        Eventually.holds("posts have keys of their own", keys::isDone);
    }

    @Test
    void its_author_deletes_a_post_by_a_record_without_a_value() {
        copied();

        assertThat(http.send("DELETE", "/posts/" + post, null).status()).isEqualTo(204);

        assertThat(records()).singleElement().satisfies(record -> {
            assertThat(record.value()).isNull();
            assertThat(record.partition()).isEqualTo(FactKeys.partition(author.toString()));
            assertThat(new String(record.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8))
                    .isEqualTo("post_deleted");
        });
    }

    @Test
    void deleting_it_again_is_204_and_writes_nothing() {
        TestPostgres.shared().update("insert into deleted_posts (id, author_id) values (?, ?)", post, author);
        upToDate();

        assertThat(http.send("DELETE", "/posts/" + post, null).status()).isEqualTo(204);

        assertThat(records()).isEmpty();
    }

    @Test
    void the_post_of_another_and_one_that_is_unknown_are_404() {
        copied();
        UUID other = UUID.randomUUID();
        Http stranger = TestIngest.shared().with(TestKeys.shared().person(other));
        upToDate(other);
        upToDate();

        assertThat(stranger.send("DELETE", "/posts/" + post, null).status()).isEqualTo(404);
        assertThat(http.send("DELETE", "/posts/" + UUID.randomUUID(), null).status())
                .isEqualTo(404);
        assertThat(http.send("DELETE", "/posts/42", null).status()).isEqualTo(400);
        assertThat(TestIngest.shared()
                        .anonymous()
                        .send("DELETE", "/posts/" + post, null)
                        .status())
                .isEqualTo(401);
        assertThat(records()).isEmpty();
    }

    private void copied() {
        TestPostgres.shared()
                .update("insert into posts (id, author_id, text, created_at) values (?, ?, 'x', now())", post, author);
    }

    private void upToDate() {
        upToDate(author);
    }

    private static void upToDate(UUID person) {
        Projections.moveTo("posts", Topics.POSTS, FactKeys.partition(person.toString()), Long.MAX_VALUE);
    }

    private List<ConsumerRecord<byte[], byte[]>> records() {
        return TestBroker.shared().records(Topics.POSTS).stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).startsWith(author.toString()))
                .toList();
    }
}
