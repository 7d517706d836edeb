package io.tailrace.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.access.AccessRules;
import io.tailrace.contracts.access.Grants;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.ChannelPattern;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.channel.StartPosition;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.stream.ResetReason;
import io.tailrace.edge.stream.Start;
import io.tailrace.edge.stream.StreamPlan;
import io.tailrace.edge.stream.WantedChannel;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final Grants SOMEBODY =
            new Grants("42", Set.of(), List.of(ChannelPattern.parse("logs:w1:*")), List.of());

    private final Admission admission = new Admission(new AccessRules(Namespaces.builtIn()));

    @Test
    void letsAnybodyReadWhatIsPublic() {
        assertThat(admitted(request("news:a"), Grants.ANONYMOUS).channels())
                .extracting(WantedChannel::name, WantedChannel::start)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("news:a", new Start.Live()));
    }

    @Test
    void refusesTheWholeRequestForOneChannelAndNamesIt() {
        Refusal refusal = refused(request("news:a", "feed:42", "feed:43", "logs:w2:x"), SOMEBODY);
        assertThat(refusal.problem().status()).isEqualTo(403);
        assertThat(refusal.problem().detail()).contains("feed:43", "logs:w2:x").doesNotContain("feed:42", "news");
    }

    @Test
    void asksSomebodyWithoutTokenForOne() {
        assertThat(refused(request("feed:42"), Grants.ANONYMOUS).problem().status())
                .isEqualTo(401);
    }

    @Test
    void saysThatANamespaceIsNotDeclared() {
        Refusal refusal = refused(request("news:a", "weather:x"), SOMEBODY);
        assertThat(refusal.problem().status()).isEqualTo(404);
        assertThat(refusal.problem().detail()).contains("weather:x");
    }

    @Test
    void startsWhereTheRequestSaysAndElseWhereTheNamespaceSays() {
        // given
        Grants reader = new Grants("42", Set.of(), List.of(ChannelPattern.parse("chat:*")), List.of());

        // when
        Admission.Admitted byDefault = admitted(request("news:a", "chat:room"), reader);
        Admission.Admitted earliest = admitted(
                new StreamRequest(
                        StreamPlan.Mode.CHANNELS,
                        channels("news:a", "chat:room"),
                        new StartPosition.Earliest(),
                        null,
                        false,
                        0,
                        null),
                reader);

        // then
        assertThat(byDefault.last()).containsExactly(java.util.Map.entry(1, 50));
        assertThat(earliest.last()).isEmpty();
        assertThat(earliest.channels()).extracting(WantedChannel::start).containsOnly(new Start.Earliest());
    }

    @Test
    void resumesAtTheCursorAndLooksForNothingThere() {
        // given
        Grants reader = new Grants("42", Set.of(), List.of(ChannelPattern.parse("chat:*")), List.of());
        Namespace chat = Namespaces.builtIn().of(new Channel("chat:room")).orElseThrow();
        int partition = new Channel("chat:room").partition(chat.partitions());
        String id = CursorCodec.encode(new Cursor(List.of(new Cursor.TopicPosition(
                chat.number(), new Generation(7), List.of(new Cursor.PartitionPosition(partition, 11))))));

        // when
        Admission.Admitted resumed = admitted(request(id, false, "chat:room"), reader);

        // then
        assertThat(resumed.resumed()).isTrue();
        assertThat(resumed.last()).isEmpty();
        assertThat(resumed.channels())
                .extracting(WantedChannel::start)
                .containsExactly(new Start.At(new Generation(7), 11));
    }

    @Test
    void refusesAnIdThatIsNoneWithItsFault() {
        Refusal refusal = refused(request("%%%", false, "news:a"), Grants.ANONYMOUS);
        assertThat(refusal.problem().type()).endsWith("/invalid-cursor");
        assertThat(refusal.problem().detail()).contains("NOT_BASE64URL");
    }

    @Test
    void letsABrowserStartAnewThatCouldNotReadTheRefusal() {
        Admission.Admitted admitted = admitted(request("%%%", true, "news:a"), Grants.ANONYMOUS);
        assertThat(admitted.resumed()).isFalse();
        assertThat(admitted.unusableCursor()).isEqualTo(ResetReason.MALFORMED);
    }

    private static StreamRequest request(String... names) {
        return new StreamRequest(StreamPlan.Mode.CHANNELS, channels(names), null, null, false, 0, null);
    }

    private static StreamRequest request(@Nullable String id, boolean browser, String name) {
        return new StreamRequest(StreamPlan.Mode.CHANNELS, channels(name), null, id, browser, 0, null);
    }

    private static List<Channel> channels(String... names) {
        return Stream.of(names).map(Channel::new).toList();
    }

    private Admission.Admitted admitted(StreamRequest request, Grants grants) {
        return (Admission.Admitted) admission.decide(request, grants);
    }

    private Refusal refused(StreamRequest request, Grants grants) {
        return ((Admission.Refused) admission.decide(request, grants)).refusal();
    }
}
