package io.tailrace.ingest.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.channel.KeyPartition;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class FollowTest {
    private final UUID follower = UUID.randomUUID();
    private final UUID followee = UUID.randomUUID();
    private final Http http = TestIngest.shared().with(TestKeys.shared().person(follower));

    @Test
    void a_follow_is_keyed_by_the_pair_and_in_the_followees_partition() {
        Http.Answer answer = http.send("PUT", "/follows/" + followee, null);

        assertThat(answer.status()).isEqualTo(204);
        assertThat(TestLog.events(Topics.FOLLOWS, follower.toString()))
                .singleElement()
                .satisfies(logged -> {
                    assertThat(logged.key()).isEqualTo(followee + "/" + follower);
                    assertThat(logged.partition())
                            .isEqualTo(KeyPartition.of(followee.toString().getBytes(StandardCharsets.UTF_8), 6));
                    assertThat(logged.event().type()).isEqualTo("user_followed");
                    assertThat(logged.data())
                            .contains(
                                    "\"follower_id\":\"" + follower + "\"",
                                    "\"followee_id\":\"" + followee + "\"",
                                    "\"at\":");
                });
    }

    @Test
    void following_and_unfollowing_again_is_204() {
        assertThat(http.send("PUT", "/follows/" + followee, null).status()).isEqualTo(204);
        assertThat(http.send("PUT", "/follows/" + followee, null).status()).isEqualTo(204);
        assertThat(http.send("DELETE", "/follows/" + followee, null).status()).isEqualTo(204);
        assertThat(http.send("DELETE", "/follows/" + followee, null).status()).isEqualTo(204);

        assertThat(TestLog.events(Topics.FOLLOWS, follower.toString()))
                .extracting(logged -> logged.event().type())
                .containsExactly("user_followed", "user_followed", "user_unfollowed", "user_unfollowed");
    }

    @Test
    void an_id_in_capitals_is_the_same_person() {
        Http.Answer answer = http.send("PUT", "/follows/" + followee.toString().toUpperCase(Locale.ROOT), null);

        assertThat(answer.status()).isEqualTo(204);
        assertThat(TestLog.events(Topics.FOLLOWS, followee + "/" + follower)).hasSize(1);
    }

    @Test
    void nobody_follows_themselves() {
        Http.Answer answer = http.send("PUT", "/follows/" + follower, null);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("conflict");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1-1-1-1-1", "42", "%00", "a%0d%0ab"})
    void what_is_not_an_id_is_400(String id) {
        assertThat(http.send("PUT", "/follows/" + id, null).status()).isEqualTo(400);
    }

    @Test
    void without_a_token_it_is_401() {
        assertThat(TestIngest.shared()
                        .anonymous()
                        .send("PUT", "/follows/" + followee, null)
                        .status())
                .isEqualTo(401);
    }
}
