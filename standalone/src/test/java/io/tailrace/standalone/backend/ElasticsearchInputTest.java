package io.tailrace.standalone.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ElasticsearchInputTest {
    @Test
    void strings_have_their_length_in_utf16_units_and_one_to_three_bytes_for_each() {
        // given
        String value = "é€" + "x".repeat(200);
        // when
        byte[] bytes = new ElasticsearchInput(Map.of("k", value), Path.of("/c"), Path.of("/l")).bytes();
        // then: 0xca 0x01 is 202 as a variable-length integer
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text).startsWith("\0\0\0\61org.elasticsearch.common.settings.KeyStoreWrapper\0\0\0\7\0\0\0\0\1");
        assertThat(text).contains("\1k\0\u00ca\u0001\u00c3\u00a9\u00e2\u0082\u00acxxx");
        assertThat(text).endsWith("\2/c\2/l");
    }
}
