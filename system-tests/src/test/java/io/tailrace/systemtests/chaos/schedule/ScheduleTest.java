package io.tailrace.systemtests.chaos.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final long MINUTES_3 = 180_000;

    @Test
    void one_seed_gives_one_schedule() {
        assertThat(Schedule.draw(7, MINUTES_3, Scale.DEFAULT)).isEqualTo(Schedule.draw(7, MINUTES_3, Scale.DEFAULT));
        assertThat(Schedule.draw(7, MINUTES_3, Scale.DEFAULT).lines())
                .isNotEqualTo(Schedule.draw(8, MINUTES_3, Scale.DEFAULT).lines());
    }

    @Test
    void a_longer_run_begins_as_a_shorter_one() {
        assertThat(Schedule.draw(7, MINUTES_3, Scale.DEFAULT).lines())
                .startsWith(Schedule.draw(7, 30_000, Scale.DEFAULT).lines().toArray(String[]::new));
    }

    @Test
    void three_minutes_have_every_kind_of_fault() {
        Set<String> kinds = Schedule.draw(1, MINUTES_3, Scale.DEFAULT).steps().stream()
                .map(step -> step.fault().kind())
                .collect(Collectors.toSet());

        assertThat(kinds)
                .contains("kill edge 1", "kill dispatcher", "kill broker", "freeze dispatcher", "freeze broker")
                .contains(
                        "cut",
                        "delay",
                        "trim",
                        "slow",
                        "renew",
                        "revoke",
                        "grant",
                        "add",
                        "remove",
                        "trespass",
                        "away");
    }

    @Test
    void half_a_minute_has_readers_whose_partition_is_trimmed_while_they_are_away() {
        for (long seed = 0; seed < 20; seed++) {
            Schedule schedule = Schedule.draw(seed, 30_000, Scale.DEFAULT);
            assertThat(schedule.steps())
                    .anyMatch(step -> step.fault() instanceof Fault.Away away
                            && schedule.steps().stream()
                                    .anyMatch(trim -> isLagging(
                                            schedule.readers().get(away.client()), step.atMs(), away.forMs(), trim)));
        }
    }

    private static boolean isLagging(Reader reader, long awayAtMs, long forMs, Schedule.Step step) {
        return step.fault() instanceof Fault.Trim(String namespace, int partition)
                && step.atMs() > awayAtMs + forMs / 2
                && step.atMs() < awayAtMs + forMs
                && reader.channels().stream()
                        .anyMatch(channel ->
                                channel.startsWith(namespace + ":") && LagDeck.partition(channel) == partition);
    }

    @Test
    void no_client_loses_its_last_channel_or_asks_for_what_it_has() {
        for (long seed = 0; seed < 20; seed++) {
            Schedule schedule = Schedule.draw(seed, MINUTES_3, Scale.DEFAULT);
            List<Set<String>> channels = schedule.readers().stream()
                    .<Set<String>>map(reader -> new HashSet<>(reader.channels()))
                    .toList();
            for (Schedule.Step step : schedule.steps()) {
                switch (step.fault()) {
                    case Fault.Add(int client, String channel, String start) ->
                        assertThat(channels.get(client).add(channel)).isTrue();
                    case Fault.Grant(int client, String channel, String start) ->
                        assertThat(channels.get(client).add(channel)).isTrue();
                    case Fault.Remove(int client, String channel) ->
                        assertThat(channels.get(client).remove(channel)).isTrue();
                    case Fault.Revoke(int client, String channel) ->
                        assertThat(channels.get(client).remove(channel)).isTrue();
                    case Fault other -> assertThat(other.kind()).isNotEmpty();
                }
                assertThat(channels).noneMatch(Set::isEmpty);
            }
        }
    }
}
