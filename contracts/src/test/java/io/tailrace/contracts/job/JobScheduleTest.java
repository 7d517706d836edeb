package io.tailrace.contracts.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobScheduleTest {
    private static final Instant PLANNED = Instant.parse("2026-03-01T12:00:00Z");
    private static final JobSpec JOB = new JobSpec("t", 5, null, 0, null, 0, 3, 60, null, RetryPolicy.DEFAULT);

    private static JobSchedule schedule(String name, OverlapPolicy overlap) {
        return new JobSchedule(name, "* * * * *", "Europe/Berlin", MissedPolicy.LAST, overlap, "default", JOB, "1");
    }

    @Test
    void a_firing_has_an_id_of_the_name_and_the_time_alone() {
        UUID id = schedule("a", OverlapPolicy.ALLOW).fire(PLANNED).commandId();

        assertThat(schedule("a", OverlapPolicy.SKIP).fire(PLANNED).commandId()).isEqualTo(id);
        assertThat(schedule("b", OverlapPolicy.ALLOW).fire(PLANNED).commandId()).isNotEqualTo(id);
        assertThat(schedule("a", OverlapPolicy.ALLOW)
                        .fire(PLANNED.plusMillis(1))
                        .commandId())
                .isNotEqualTo(id);
        assertThat(id.version()).isEqualTo(7);
    }

    @Test
    void a_firing_has_a_unique_key_where_overlaps_are_skipped() {
        JobCommand.Enqueue skips = schedule("a", OverlapPolicy.SKIP).fire(PLANNED);
        JobCommand.Enqueue allows = schedule("a", OverlapPolicy.ALLOW).fire(PLANNED);

        assertThat(skips.spec().uniqueKey()).isEqualTo("schedule/a");
        assertThat(allows.spec().uniqueKey()).isNull();
        assertThat(skips.firing()).isEqualTo(new ScheduleFiring("a", PLANNED));
        assertThat(schedule("a", OverlapPolicy.SKIP).runNow(UUID.randomUUID()).firing())
                .isEqualTo(new ScheduleFiring("a", null));
    }

    @Test
    void the_id_of_a_run_is_of_who_asks_for_what_and_of_no_firing() {
        UUID id = JobCommandIds.scheduleRun("ada", "a", "k");

        assertThat(JobCommandIds.scheduleRun("ada", "a", "k")).isEqualTo(id);
        assertThat(JobCommandIds.scheduleRun("bob", "a", "k")).isNotEqualTo(id);
        assertThat(JobCommandIds.scheduleRun("ada", "b", "k")).isNotEqualTo(id);
        assertThat(JobCommandIds.enqueue("ada", "k")).isNotEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "1a", "a/b", "a b", "clock/0", "a\u0000", "\u00e4"})
    void a_name_is_of_letters_digits_and_few_signs(String name) {
        assertThat(JobSchedule.isName(name)).isFalse();
        assertThatThrownBy(() -> schedule(name, OverlapPolicy.SKIP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("name: expected [a-z]");
    }

    @ParameterizedTest
    @CsvSource({"Europe/Berlin,true", "UTC,true", "Europe/Nowhere,false", "+02:00,false", "'',false", "utc,false"})
    void a_time_zone_is_a_region_that_is_known(String zone, boolean known) {
        assertThat(JobSchedule.isTimeZone(zone)).isEqualTo(known);
    }

    @Test
    void what_is_too_long_or_says_when_is_refused() {
        assertThatThrownBy(() -> new JobSchedule(
                        "a", "*".repeat(201), "UTC", MissedPolicy.ALL, OverlapPolicy.SKIP, "default", JOB, "1"))
                .hasMessageStartingWith("cron: 201 characters, expected 1 to 200");
        String payload = "x".repeat(JobSpec.MAX_PAYLOAD_BYTES + 1);
        assertThatThrownBy(() -> new JobSchedule(
                        "a", "@daily", "UTC", MissedPolicy.ALL, OverlapPolicy.SKIP, "default", JOB, payload))
                .hasMessageStartingWith("payload: its bytes: 262145");
        JobSpec later = new JobSpec("t", 5, PLANNED, 0, null, 0, 3, 60, null, RetryPolicy.DEFAULT);
        assertThatThrownBy(() -> new JobSchedule(
                        "a", "@daily", "UTC", MissedPolicy.ALL, OverlapPolicy.SKIP, "default", later, "1"))
                .hasMessageStartingWith("job: expected neither run_at");
    }

    @Test
    void policies_are_read_by_their_names() {
        assertThat(MissedPolicy.parse("all")).contains(MissedPolicy.ALL);
        assertThat(MissedPolicy.parse("ALL")).isEmpty();
        assertThat(OverlapPolicy.parse("skip")).contains(OverlapPolicy.SKIP);
        assertThat(OverlapPolicy.parse("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "nightly, true",
        "system/nightly, true",
        "system/, false",
        "system/system/nightly, false",
        "other/nightly, false",
        "System/nightly, false"
    })
    void aNameMayBeOneOfTailracesOwn(String name, boolean isOne) {
        assertThat(JobSchedule.isName(name)).isEqualTo(isOne);
    }
}
