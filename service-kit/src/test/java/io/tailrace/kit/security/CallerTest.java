package io.tailrace.kit.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Caller}. */
class CallerTest {
    @Test
    void a_uuid_in_its_canonical_form_is_an_account() {
        String text = "0199f2a4-6c1e-7b3a-9d52-0c8d4e1f6a70";

        assertThat(Caller.accountId(text)).contains(UUID.fromString(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "k6",
                "1-1-1-1-1",
                "0199F2A4-6C1E-7B3A-9D52-0C8D4E1F6A70",
                "0199f2a46c1e-7b3a-9d52-0c8d4e1f6a70-",
                "0199f2a4-6c1e-7b3a-9d52-0c8d4e1f6a7g",
                "0199f2a4-6c1e-7b3a-9d52-0c8d4e1f6a700"
            })
    void whatever_else_is_a_service(String subject) {
        assertThat(Caller.accountId(subject)).isEmpty();
    }
}
