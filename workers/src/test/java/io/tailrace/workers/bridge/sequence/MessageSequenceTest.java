package io.tailrace.workers.bridge.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.workers.bridge.sequence.SourceMessage.CaughtUp;
import io.tailrace.workers.bridge.sequence.SourceMessage.Event;
import io.tailrace.workers.bridge.sequence.SourceMessage.Gap;
import io.tailrace.workers.bridge.sequence.SourceMessage.Point;
import io.tailrace.workers.bridge.sequence.SourceMessage.Started;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageSequenceTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final MessageSequence.Bounds BOUNDS =
            new MessageSequence.Bounds(3, 1_000, false, Duration.ofHours(1));

    private MessageSequence sequence = new MessageSequence(SourcePosition.NONE, BOUNDS);
    private long nowMs;

    private static Instant at(long second) {
        return T0.plusSeconds(second);
    }

    private List<Copied> send(long number, Event event) throws InvalidSource {
        return sequence.accept(new SourceMessage(number, "c" + number, 0, event), nowMs, at(1_000));
    }

    private List<Copied> point(long number) throws InvalidSource {
        return send(number, new Point(at(number), number));
    }

    private void start(String epoch, long number, boolean resumed) throws InvalidSource {
        assertThat(send(number, new Started(epoch, resumed, null))).isEmpty();
    }

    private static Copied reading(String epoch, long number) {
        return new Copied.Reading(epoch, number, at(number), number);
    }

    private static Copied.Gap gap(String epoch, long first, long last, @Nullable Instant from, @Nullable Instant to) {
        return new Copied.Gap(epoch, first - 1, first, last, from, to, "The source did not send these messages");
    }

    private void at(SourcePosition position) {
        sequence = new MessageSequence(position, BOUNDS);
    }

    @Test
    void messagesInOrderAreReadingsAtOnce() throws Exception {
        start("a", 0, false);

        assertThat(point(1)).containsExactly(reading("a", 1));
        assertThat(point(2)).containsExactly(reading("a", 2));
        assertThat(sequence.position()).isEqualTo(new SourcePosition("a", 2, "c2", at(2)));
        assertThat(sequence.isWaiting()).isFalse();
    }

    @Test
    void aMessageThatComesTooEarlyWaitsForThoseBeforeIt() throws Exception {
        start("a", 4, false);

        assertThat(point(6)).isEmpty();
        assertThat(point(7)).isEmpty();
        assertThat(sequence.isWaiting()).isTrue();
        assertThat(sequence.position().sequence()).isEqualTo(4);
        assertThat(point(5)).containsExactly(reading("a", 5), reading("a", 6), reading("a", 7));
        assertThat(sequence.counts().gaps()).isZero();
    }

    @Test
    void whatComesAgainIsDropped() throws Exception {
        start("a", 0, false);
        point(1);
        point(3);

        assertThat(point(1)).isEmpty();
        assertThat(point(3)).isEmpty();
        assertThat(point(2)).containsExactly(reading("a", 2), reading("a", 3));
        assertThat(sequence.counts().duplicates()).isEqualTo(2);
    }

    @Test
    void whatDoesNotComeInTimeIsAGapAndDroppedWhenItComesAfterAll() throws Exception {
        start("a", 0, false);
        point(1);
        point(4);
        nowMs = 999;
        assertThat(sequence.elapse(nowMs, at(1_000))).isEmpty();
        nowMs = 1_000;

        assertThat(sequence.elapse(nowMs, at(1_000))).containsExactly(gap("a", 2, 3, at(1), at(4)), reading("a", 4));
        assertThat(point(3)).isEmpty();
        assertThat(sequence.counts()).isEqualTo(new SequenceCounts(2, 1, 0, 0, 1));
    }

    @Test
    void noMoreMessagesWaitThanMay() throws Exception {
        start("a", 0, false);
        point(1);
        point(3);
        point(4);
        point(5);

        assertThat(point(6))
                .containsExactly(
                        gap("a", 2, 2, at(1), at(3)),
                        reading("a", 3),
                        reading("a", 4),
                        reading("a", 5),
                        reading("a", 6));
    }

    @Test
    void aCallThatResumesGoesOnBehindThePosition() throws Exception {
        at(new SourcePosition("a", 5, "c5", at(5)));
        start("a", 5, true);

        assertThat(point(5)).isEmpty();
        assertThat(point(6)).containsExactly(reading("a", 6));
    }

    @Test
    void aSourceThatNumbersItsFirstMessageTooGoesOnWithTheNext() throws Exception {
        at(new SourcePosition("a", 5, "c5", at(5)));
        start("a", 6, true);

        assertThat(point(7)).containsExactly(reading("a", 7));
        assertThat(sequence.counts().gaps()).isZero();
    }

    @Test
    void whatASourceDoesNotHaveAnyMoreWhenItIsCalledAgainIsAGap() throws Exception {
        at(new SourcePosition("a", 5, "c5", at(5)));

        List<Copied> told = send(9, new Started("a", false, null));
        assertThat(told)
                .containsExactly(
                        new Copied.Gap("a", 5, 6L, 9L, at(5), null, "The source did not resume where the bridge was"));
        assertThat(point(10)).containsExactly(reading("a", 10));
    }

    @Test
    void aSourceThatHasLostItsMemoryIsAGapFromTheLastReadingToTheNextOne() throws Exception {
        at(new SourcePosition("a", 5, "c5", at(5)));
        start("b", 2, false);
        assertThat(sequence.position()).isEqualTo(new SourcePosition("a", 5, "c5", at(5)));

        assertThat(send(3, new Point(at(9), 1)))
                .containsExactly(
                        new Copied.Gap(
                                "a",
                                5,
                                6L,
                                null,
                                at(5),
                                at(9),
                                "The source has lost its memory and began another numbering"),
                        new Copied.Reading("b", 3, at(9), 1));
        assertThat(sequence.position()).isEqualTo(new SourcePosition("b", 3, "c3", at(9)));
    }

    @Test
    void aNumberingThatBeginsAnewUnderTheSameNameIsOneThatWasForgotten() throws Exception {
        at(new SourcePosition("a", 5, "c5", at(5)));
        start("a", 1, false);

        assertThat(send(2, new Point(at(9), 1))).hasSize(2).last().isEqualTo(new Copied.Reading("a", 2, at(9), 1));
        assertThat(sequence.counts().gaps()).isEqualTo(1);
    }

    @Test
    void aLateReadingDoesNotEndTheGapOfAForgottenNumbering() throws Exception {
        at(new SourcePosition("a", 5, "c5", at(5)));
        start("b", 0, false);
        send(1, new CaughtUp());

        assertThat(send(2, new Point(at(4), 1)))
                .first()
                .extracting("from", "to")
                .containsExactly(at(5), at(1_000));
    }

    @Test
    void oneThatHasNothingNewIsAGapUpToNow() throws Exception {
        at(new SourcePosition("a", 5, "c5", at(5)));
        start("b", 0, false);
        send(1, new CaughtUp());
        nowMs = 1_000;

        assertThat(sequence.elapse(nowMs, at(30)))
                .extracting("epoch", "first", "last", "from", "to")
                .containsExactly(org.assertj.core.groups.Tuple.tuple("a", 6L, null, at(5), at(30)));
        assertThat(sequence.position()).isEqualTo(new SourcePosition("b", 1, "c1", at(5)));
    }

    @Test
    void historyOfANewNumberingThatIsNotLaterThanTheLastReadingIsKnown() throws Exception {
        at(new SourcePosition("a", 5, "c5", at(5)));
        start("b", 0, false);

        assertThat(send(1, new Point(at(4), 1))).isEmpty();
        assertThat(send(2, new Point(at(5), 1))).isEmpty();
        assertThat(send(3, new Point(at(6), 1))).last().isEqualTo(new Copied.Reading("b", 3, at(6), 1));
        assertThat(sequence.counts().duplicates()).isEqualTo(2);
    }

    @Test
    void whatTheSourceSaysIsMissingIsToldOnceWithItsReason() throws Exception {
        start("a", 0, false);
        point(1);

        assertThat(send(5, new Gap(2, 4, at(1), at(2), "the disk was full")))
                .containsExactly(new Copied.Gap("a", 1, 2L, 4L, at(1), at(2), "the disk was full"));
        assertThat(point(6)).containsExactly(reading("a", 6));
        assertThat(sequence.counts().gaps()).isEqualTo(1);
    }

    @Test
    void numbersThatASourceSaysWillNotComeAreNotWaitedForAndToldOnce() throws Exception {
        start("a", 0, false);

        assertThat(send(1, new Gap(2, 4, null, null, "r"))).hasSize(1);
        assertThat(point(5)).containsExactly(reading("a", 5));
        assertThat(send(6, new Gap(2, 4, null, null, "r"))).isEmpty();
        assertThat(sequence.counts().gaps()).isEqualTo(1);
    }

    @Test
    void aSourceThatSaysThatAllWhatFollowsIsMissingLosesNothingOfIt() throws Exception {
        start("a", 0, false);

        assertThat(send(1, new Gap(2, Long.MAX_VALUE - 1, null, null, "r"))).hasSize(1);
        assertThat(point(2)).containsExactly(reading("a", 2));
        assertThat(sequence.position().sequence()).isEqualTo(2);
        assertThat(point(4)).as("the hole is not one that was told").isEmpty();
        assertThat(point(3)).containsExactly(reading("a", 3), reading("a", 4));
    }

    @Test
    void behindSeveralHolesNoMessageWaitsLongerThanOnce() throws Exception {
        start("a", 0, false);
        point(5);
        nowMs = 600;
        point(3);
        nowMs = 1_000;

        assertThat(sequence.elapse(nowMs, at(1_000)))
                .containsExactly(
                        gap("a", 1, 2, null, at(3)), reading("a", 3), gap("a", 4, 4, at(3), at(5)), reading("a", 5));
    }

    @Test
    void aGapOfUnknownNumbersIsToldAsSuch() throws Exception {
        start("a", 0, false);

        assertThat(send(1, new Gap(0, 0, null, null, "r")))
                .containsExactly(new Copied.Gap("a", 0, null, null, null, null, "r"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void aValueThatNoMetricCanHaveIsRefusedAndTheNextOneTaken(double value) throws Exception {
        start("a", 0, false);

        assertThat(send(1, new Point(at(1), value))).isEmpty();
        assertThat(point(2)).containsExactly(reading("a", 2));
        assertThat(sequence.counts().refused()).isEqualTo(1);
    }

    @Test
    void readingsFromBeforeTheEpochAndFromFarAheadAreRefused() throws Exception {
        start("a", 0, false);

        assertThat(send(1, new Point(Instant.EPOCH.minusNanos(1), 1))).isEmpty();
        assertThat(send(2, new Point(at(1_000).plus(Duration.ofMinutes(61)), 1)))
                .isEmpty();
        assertThat(sequence.counts().refused()).isEqualTo(2);
        assertThat(sequence.position().sequence()).isEqualTo(2);
    }

    @Test
    void ofWindowsTheLatestReadingIsTakenOnce() throws Exception {
        sequence = new MessageSequence(
                SourcePosition.NONE, new MessageSequence.Bounds(3, 1_000, true, Duration.ofHours(1)));
        start("a", 0, false);
        point(1);

        assertThat(send(2, new Point(at(1), 1))).isEmpty();
        assertThat(send(3, new Point(at(2), 7))).containsExactly(new Copied.Reading("a", 3, at(2), 7));
    }

    @Test
    void whatIsConflatedIsCounted() throws Exception {
        start("a", 0, false);
        sequence.accept(new SourceMessage(1, "c", 41, new Point(at(1), 1)), nowMs, at(1_000));

        assertThat(sequence.counts().conflated()).isEqualTo(41);
    }

    @Test
    void whatNoSourceMaySayEndsTheCall() throws Exception {
        assertThatThrownBy(() -> point(1)).isInstanceOf(InvalidSource.class).hasMessageContaining("started");
        assertThatThrownBy(() -> start("", 0, false)).hasMessageContaining("epoch");
        start("a", 0, false);
        List<Event> twice = new ArrayList<>(List.of(new Started("a", false, null)));
        assertThatThrownBy(() -> send(1, twice.getFirst())).hasMessageContaining("second");
        assertThatThrownBy(() -> point(0)).hasMessageContaining("without a sequence number");
        assertThatThrownBy(() -> point(-1)).hasMessageContaining("sequence number");
        assertThatThrownBy(() -> send(Long.MAX_VALUE, new CaughtUp())).hasMessageContaining("sequence number");
        assertThatThrownBy(() -> send(1, new Gap(3, 2, null, null, ""))).hasMessageContaining("gap");
        assertThatThrownBy(() -> send(1, new Gap(1, Long.MAX_VALUE, null, null, "")))
                .hasMessageContaining("gap");
        assertThat(point(1)).hasSize(1);
        at(new SourcePosition("a", 5, "c5", at(5)));
        assertThatThrownBy(() -> start("a", 3, true)).hasMessageContaining("resumes behind 5");
    }
}
