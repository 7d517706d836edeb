package io.tailrace.ingest.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.identity.UuidV7;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class StampTest {
    @Property(tries = 200)
    void its_ids_are_uuids_of_version_7_and_ascend(
            @ForAll @LongRange(max = 1L << 47) long timeMs, @ForAll long randomSeed) {
        Stamp stamp = new Stamp(new UuidV7(() -> Instant.ofEpochMilli(timeMs), new Random(randomSeed)).next());

        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            ids.add(stamp.id(i));
        }

        assertThat(ids).allMatch(id -> id.version() == 7 && id.variant() == 2);
        assertThat(ids.stream().map(UUID::toString)).isSorted().doesNotHaveDuplicates();
        assertThat(stamp.time()).isEqualTo(Instant.ofEpochMilli(timeMs));
    }

    @Property(tries = 100)
    void the_same_seed_gives_the_same_ids_also_where_the_counter_is_full(@ForAll @LongRange(max = 1L << 47) long ms) {
        UUID full = new UUID(ms << 16 | 0x7fff, 0x8000_0000_0000_0001L);

        assertThat(new Stamp(full).id(3)).isEqualTo(new Stamp(full).id(3));
        assertThat(new Stamp(full).id(3).getMostSignificantBits()).isEqualTo((ms + 1) << 16 | 0x7002);
    }
}
