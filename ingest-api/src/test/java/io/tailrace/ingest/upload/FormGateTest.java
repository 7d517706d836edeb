package io.tailrace.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.kit.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FormGateTest {
    private final FormGate gate = new FormGate(new UploadSettings(1, 1, 2, 1, 1, 1, List.of(), Duration.ofMillis(250)));
    private final UUID owner = UUID.randomUUID();

    @Test
    void a_person_has_so_many_forms_at_once_and_a_place_again_when_one_has_ended() {
        FormGate.Place first = gate.enter(owner);
        FormGate.Place second = gate.enter(owner);

        assertThat(refused()).isEqualTo(429);
        assertThat(refused()).isEqualTo(429);
        gate.enter(UUID.randomUUID()).close();
        first.close();
        gate.enter(owner).close();
        gate.enter(owner).close();
        second.close();
        gate.enter(owner).close();
    }

    private int refused() {
        return catchThrowableOfType(ProblemException.class, () -> gate.enter(owner))
                .problem()
                .status();
    }
}
