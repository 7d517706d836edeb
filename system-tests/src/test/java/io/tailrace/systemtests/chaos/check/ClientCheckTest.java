package io.tailrace.systemtests.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A checker that cannot fail proves nothing: each fault that it is to find is shown to it here. */
class ClientCheckTest {
    private static final LogIndex.PartitionName PARTITION = new LogIndex.PartitionName("chat", 0);
    private static final long OPENED_MS = 1_000;

    private final LogIndex log = new LogIndex();
    private final Findings findings = new Findings();
    private final ClientCheck check = new ClientCheck("client 1", log, findings);

    /** Events a0 to a4 and b0 to b4 in turn, in offsets 0 to 9, all after the stream was opened. */
    ClientCheckTest() {
        for (int i = 0; i < 5; i++) {
            append("chat:a", "a" + i, 2 * i);
            append("chat:b", "b" + i, 2 * i + 1);
        }
    }

    @Test
    void a_client_that_has_everything_is_clean() {
        open("chat:a", "chat:b");
        receive("a0", "b0", "a1", "b1", "b2", "a2", "a3", "a4", "b3", "b4");
        assertThat(check.isSettled(Set.of("chat:a", "chat:b"))).isTrue();
        check.end(Set.of("chat:a", "chat:b"));

        assertThat(findings.lines()).isEmpty();
        assertThat(check.events()).isEqualTo(10);
    }

    @Test
    void a_resumed_stream_goes_on_where_the_last_one_ended() {
        open("chat:a");
        receive("a0", "a1");
        take(new Entry.Ended("the connection ended"));
        open("chat:a");
        receive("a2", "a3", "a4");
        check.end(Set.of("chat:a"));

        assertThat(findings.lines()).isEmpty();
    }

    @Test
    void a_lost_event_is_found() {
        open("chat:a");
        receive("a0", "a1", "a3", "a4");
        check.end(Set.of("chat:a"));

        assertThat(findings.count(Finding.LOST)).isEqualTo(1);
        assertThat(findings.lines()).hasSize(1);
    }

    @Test
    void an_event_that_is_lost_at_a_reconnect_is_found() {
        open("chat:a");
        receive("a0", "a1");
        open("chat:a");
        receive("a3", "a4");
        check.end(Set.of("chat:a"));

        assertThat(findings.count(Finding.LOST)).isEqualTo(1);
    }

    @Test
    void events_that_are_lost_at_the_end_are_found() {
        open("chat:a");
        receive("a0", "a1", "a2");

        assertThat(check.isSettled(Set.of("chat:a"))).isFalse();
        check.end(Set.of("chat:a"));
        assertThat(findings.count(Finding.LOST)).isEqualTo(2);
    }

    @Test
    void an_event_that_is_lost_before_a_live_start_is_found() {
        take(new Entry.Asked(Set.of("chat:a"), Set.of("chat:a")));
        take(new Entry.Opened(List.of(new Entry.Started("chat:a", "live", 2))));
        receive("a1", "a2", "a3", "a4");
        check.end(Set.of("chat:a"));

        assertThat(findings.count(Finding.LOST)).isEqualTo(1);
    }

    @Test
    void a_repeated_event_is_found() {
        open("chat:a");
        receive("a0", "a1", "a1", "a2", "a3", "a4");
        check.end(Set.of("chat:a"));

        assertThat(findings.count(Finding.REPEATED)).isEqualTo(1);
        assertThat(findings.lines()).hasSize(1);
    }

    @Test
    void swapped_events_are_found() {
        open("chat:a");
        receive("a0", "a2", "a1", "a3", "a4");
        check.end(Set.of("chat:a"));

        assertThat(findings.count(Finding.OUT_OF_ORDER)).isEqualTo(1);
        assertThat(findings.count(Finding.LOST)).isZero();
    }

    @Test
    void an_event_of_a_channel_that_the_stream_does_not_have_is_found() {
        open("chat:a");
        receive("a0", "b0");

        assertThat(findings.count(Finding.UNENTITLED)).isEqualTo(1);
    }

    @Test
    void an_event_after_a_revocation_took_effect_is_found() {
        open("chat:a", "chat:b");
        receive("a0", "b0");
        take(new Entry.Changing(Set.of("chat:a"), Set.of("chat:b")));
        receive("b1");
        assertThat(findings.lines()).isEmpty();
        take(new Entry.Changed(List.of(), List.of("chat:b"), List.of(), List.of()));
        receive("b2");

        assertThat(findings.count(Finding.UNENTITLED)).isEqualTo(1);
    }

    @Test
    void a_channel_that_opens_without_access_is_found() {
        take(new Entry.Asked(Set.of("chat:a"), Set.of()));
        take(new Entry.Opened(List.of(new Entry.Started("chat:a", "earliest", 0))));

        assertThat(findings.count(Finding.UNENTITLED)).isEqualTo(1);
    }

    @Test
    void a_channel_that_is_taken_away_without_reason_is_found() {
        open("chat:a", "chat:b");
        take(new Entry.Changed(List.of(), List.of("chat:b"), List.of(), List.of()));

        assertThat(findings.count(Finding.TAKEN_AWAY)).isEqualTo(1);
    }

    @Test
    void a_channel_that_is_removed_and_added_again_starts_anew() {
        open("chat:a", "chat:b");
        receive("b0", "b1");
        take(new Entry.Changing(Set.of("chat:a", "chat:b"), Set.of("chat:b")));
        take(new Entry.Changed(List.of(), List.of("chat:b"), List.of(), List.of()));
        take(new Entry.Changed(List.of(new Entry.Started("chat:b", "earliest", 0)), List.of(), List.of(), List.of()));
        receive("b0", "b1", "b2", "b3", "b4", "a0", "a1", "a2", "a3", "a4");
        check.end(Set.of("chat:a", "chat:b"));

        assertThat(findings.lines()).isEmpty();
    }

    @Test
    void an_unannounced_gap_is_found() {
        log.trimming(PARTITION, 6);
        open("chat:a");
        receive("a3", "a4");
        check.end(Set.of("chat:a"));

        assertThat(findings.count(Finding.LOST)).isEqualTo(3);
    }

    @Test
    void a_true_gap_excuses_what_it_names_and_nothing_else() {
        log.trimming(PARTITION, 6);
        open("chat:a");
        receive("a0");
        take(new Entry.Gap(List.of("chat:a"), 4, 6));
        receive("a3", "a4");
        check.end(Set.of("chat:a"));

        assertThat(check.lostInGaps()).isEqualTo(1);
        assertThat(findings.count(Finding.LOST)).isEqualTo(1);
    }

    @Test
    void a_gap_where_the_log_has_the_records_is_found() {
        log.trimming(PARTITION, 3);
        open("chat:a");
        take(new Entry.Gap(List.of("chat:a"), 0, 6));

        assertThat(findings.count(Finding.UNTRUE_GAP)).isEqualTo(1);
    }

    @Test
    void a_start_behind_the_oldest_record_is_no_earliest_start() {
        take(new Entry.Asked(Set.of("chat:a"), Set.of("chat:a")));
        take(new Entry.Opened(List.of(new Entry.Started("chat:a", "earliest", 4))));

        assertThat(findings.count(Finding.UNTRUE_START)).isEqualTo(1);
    }

    @Test
    void a_start_that_was_pending_is_the_one_that_is_told_later() {
        take(new Entry.Asked(Set.of("chat:a"), Set.of("chat:a")));
        take(new Entry.Opened(List.of(new Entry.Started("chat:a", "pending", Entry.UNKNOWN))));
        take(new Entry.Changed(List.of(), List.of(), List.of(), List.of(new Entry.Started("chat:a", "", 0))));
        receive("a1", "a2", "a3", "a4");
        check.end(Set.of("chat:a"));

        assertThat(findings.count(Finding.LOST)).isEqualTo(1);
    }

    @Test
    void a_reset_is_found_because_no_log_was_made_anew() {
        open("chat:a");
        take(new Entry.Reset("beyond_end"));

        assertThat(findings.count(Finding.RESET)).isEqualTo(1);
    }

    @Test
    void an_event_that_is_not_in_the_log_is_found() {
        open("chat:a");
        take(new Entry.Event("chat:a", "a99"));

        assertThat(findings.count(Finding.INVENTED)).isEqualTo(1);
    }

    @Test
    void a_channel_that_never_came_is_found() {
        open("chat:a");
        receive("a0", "a1", "a2", "a3", "a4");

        assertThat(check.isSettled(Set.of("chat:a", "chat:b"))).isFalse();
        check.end(Set.of("chat:a", "chat:b"));
        assertThat(findings.count(Finding.OTHER_CHANNELS)).isEqualTo(1);
    }

    @Test
    void an_event_of_the_log_that_was_never_acknowledged_is_found() {
        log.checkWrites("chat:a", List.of("a0", "a1", "a2", "a4"), findings);

        assertThat(findings.lines()).hasSize(1).allMatch(line -> line.contains("a3 was not acknowledged"));
    }

    @Test
    void writes_that_are_missing_twice_or_swapped_in_the_log_are_found() {
        append("chat:a", "a1", 20);
        log.checkWrites("chat:a", List.of("a0", "a1", "a3", "a2", "a4", "a5"), findings);

        assertThat(findings.lines())
                .hasSize(3)
                .anyMatch(line -> line.contains("a1 is in the log twice"))
                .anyMatch(line -> line.contains("a2 stands before its turn"))
                .anyMatch(line -> line.contains("a5 was acknowledged and is not in the log"));
    }

    private void append(String channel, String id, long offset) {
        log.append(PARTITION, channel, new LogIndex.Appended(id, offset, OPENED_MS + 1 + offset));
    }

    private void open(String... channels) {
        Set<String> names = Set.of(channels);
        take(new Entry.Asked(names, names));
        take(new Entry.Opened(names.stream()
                .map(name -> new Entry.Started(name, "earliest", 0))
                .toList()));
    }

    private void receive(String... ids) {
        for (String id : ids) {
            take(new Entry.Event("chat:" + id.charAt(0), id));
        }
    }

    private void take(Entry entry) {
        check.take(OPENED_MS, entry);
    }
}
