package io.tailrace.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceIdTest {
    @Test
    void the_id_stays_with_the_state_directory(@TempDir Path dir) {
        DispatcherSettings settings = ProductionConfig.settings(dir.resolve("a").toString(), 6_000);

        String first = InstanceId.of(settings);

        assertThat(first).hasSize(36);
        assertThat(InstanceId.of(settings)).isEqualTo(first);
    }

    @Test
    void two_state_directories_are_two_instances(@TempDir Path dir) {
        String one = InstanceId.of(ProductionConfig.settings(dir.resolve("a").toString(), 6_000));

        String other = InstanceId.of(ProductionConfig.settings(dir.resolve("b").toString(), 6_000));

        assertThat(other).isNotEqualTo(one);
    }
}
