package io.tailrace.ingest.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;

class FeedCursorTest {
    @Property
    void it_round_trips(
            @ForAll @LongRange(min = -1, max = Long.MAX_VALUE) long offset, @ForAll long high, @ForAll long low) {
        FeedCursor cursor = new FeedCursor(offset, new UUID(high, low));

        assertThat(FeedCursor.parse(cursor.text())).contains(cursor);
    }

    @Property
    void a_changed_character_is_noticed(
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long offset,
            @ForAll long high,
            @ForAll long low,
            @ForAll @IntRange(max = 35) int at,
            @ForAll char other) {
        String text = new FeedCursor(offset, new UUID(high, low)).text();
        String changed = text.substring(0, at) + other + text.substring(at + 1);

        FeedCursor.parse(changed).ifPresent(cursor -> assertThat(cursor.text()).isEqualTo(changed));
        assertThat(text.equals(changed) || FeedCursor.parse(changed).isEmpty()).isTrue();
    }

    @Property
    void any_text_is_read_or_refused(@ForAll @StringLength(max = 60) String text) {
        FeedCursor.parse(text).ifPresent(cursor -> assertThat(cursor.text()).isEqualTo(text));
    }
}
