package io.tailrace.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-0,0,0",
        "bytes=2-5,2,5",
        "bytes=2-,2,9",
        "bytes=9-9,9,9",
        "bytes=5-999999999999999999,5,9",
        "bytes=-3,7,9",
        "bytes=-99,0,9",
        "bytes= 1 - 2,1,2"
    })
    void one_range_is_a_part_that_ends_with_the_content(String field, long from, long to) {
        assertThat(ByteRange.parse(field, 10)).isEqualTo(new ByteRange.Part(from, to));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=-0"})
    void bytes_that_are_not_there_cannot_be_had(String field) {
        assertThat(ByteRange.parse(field, 10)).isEqualTo(new ByteRange.Unsatisfiable());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes=-",
                "bytes=5-2",
                "lines=1-2",
                "bytes=1-2,4-5",
                "bytes=a-b",
                "bytes=1-9999999999999999999"
            })
    void what_is_no_single_range_is_the_whole_content(String field) {
        assertThat(ByteRange.parse(field, 10)).isEqualTo(new ByteRange.Whole());
    }
}
