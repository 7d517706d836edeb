package io.tailrace.ingest.post;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.kit.json.Json;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class PostTest {
    private final UUID author = UUID.randomUUID();
    private final Http http = TestIngest.shared().with(TestKeys.shared().person(author));

    @Test
    void a_post_is_in_the_log_when_it_is_answered() {
        Http.Answer answer = http.post("/posts", "{\"text\": \"two\\nlines, \\\"quotes\\\" and 🐎\"}");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().path("author_id").asText()).isEqualTo(author.toString());
        assertThat(answer.body().path("text").asText()).isEqualTo("two\nlines, \"quotes\" and 🐎");
        assertThat(answer.body().path("created_at").asText()).endsWith("Z");
        assertThat(answer.body().size()).isEqualTo(4);
        String id = answer.body().path("id").asText();
        assertThat(TestLog.events(Topics.POSTS, author.toString()))
                .singleElement()
                .satisfies(logged -> {
                    assertThat(logged.event().id()).isEqualTo(id);
                    assertThat(logged.event().type()).isEqualTo("post_published");
                    assertThat(Json.mapper().readTree(logged.data())).isEqualTo(answer.body());
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"text\": null}",
                "{\"text\": \"\"}",
                "{\"text\": \" \\n \"}",
                "{\"text\": 5}",
                "{\"text\": [\"a\"]}",
                "{\"text\": \"a\\u0000b\"}",
                "{\"text\": \"a\\u0007b\"}",
                "{\"text\": \"\\ud83d\"}",
                "{\"text\": \"a\", \"author_id\": \"somebody else\"}",
                "[]",
                "\"text\"",
                "",
                "{\"text\": \"a\"",
            })
    void what_is_not_a_post_is_400(String body) {
        Http.Answer answer = http.post("/posts", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(TestLog.events(Topics.POSTS, author.toString())).isEmpty();
    }

    @Test
    void a_text_may_have_5000_characters_and_no_more() {
        assertThat(http.post("/posts", "{\"text\": \"" + "🐎".repeat(5000) + "\"}")
                        .status())
                .isEqualTo(201);
        assertThat(http.post("/posts", "{\"text\": \"" + "x".repeat(5001) + "\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void without_a_token_it_is_401() {
        assertThat(TestIngest.shared()
                        .anonymous()
                        .post("/posts", "{\"text\": \"a\"}")
                        .status())
                .isEqualTo(401);
    }
}
