package io.tailrace.ingest.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class OutboxWavesTest {
    @Property
    void every_row_is_in_one_wave_no_wave_has_two_of_a_key_and_each_keys_order_is_kept(
            @ForAll @Size(max = 40) List<@IntRange(max = 5) Integer> keys) {
        List<OutboxConnection.Row> rows = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            rows.add(row(i, "key " + keys.get(i)));
        }

        List<List<OutboxConnection.Row>> waves = OutboxPass.waves(rows);

        assertThat(waves.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(rows);
        for (List<OutboxConnection.Row> wave : waves) {
            assertThat(wave).extracting(row -> row.event().recordKey()).doesNotHaveDuplicates();
        }
        for (int key = 0; key <= 5; key++) {
            String name = "key " + key;
            assertThat(waves.stream()
                            .flatMap(List::stream)
                            .filter(row -> row.event().recordKey().equals(name))
                            .map(OutboxConnection.Row::id))
                    .isSorted();
        }
    }

    private static OutboxConnection.Row row(long id, String key) {
        return new OutboxConnection.Row(
                id, new OutboxEvent(UUID.randomUUID(), "t", null, key, "x", "/test", null, Instant.EPOCH, "{}"));
    }
}
