package io.tailrace.edge.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SharedWritesTest {
    private static final byte[] BATCH = "abcdefghij".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER = "ABCDEFGHIJ".getBytes(StandardCharsets.US_ASCII);

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final SharedWrites writes = new SharedWrites();

    @Test
    void streams_with_the_same_ranges_are_written_one_buffer() {
        // given three streams with the same two ranges, and one with only the first
        SharedWrites.Run one = two();
        SharedWrites.Run two = two();
        SharedWrites.Run three = two();
        SharedWrites.Run short1 = writes.append(null, BATCH, 0, 3);
        SharedWrites.Run short2 = writes.append(null, BATCH, 0, 3);

        // when they are written
        ByteBuf first = writes.take(one, allocator);
        ByteBuf second = writes.take(two, allocator);
        ByteBuf third = writes.take(three, allocator);
        ByteBuf fourth = writes.take(short1, allocator);
        ByteBuf fifth = writes.take(short2, allocator);

        // then each has its bytes, and equal ones are in the same memory
        assertThat(List.of(text(first), text(second), text(third))).containsOnly("abcDE");
        assertThat(List.of(text(fourth), text(fifth))).containsOnly("abc");
        assertThat(List.of(second.memoryAddress(), third.memoryAddress())).containsOnly(first.memoryAddress());
        assertThat(fifth.memoryAddress()).isEqualTo(fourth.memoryAddress()).isNotEqualTo(first.memoryAddress());

        // and the memory is free when the last of them and the loop have given it up
        writes.release();
        List.of(first, second, third, fourth, fifth).forEach(ByteBuf::release);
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void reading_one_does_not_move_another() {
        SharedWrites.Run one = two();
        SharedWrites.Run two = two();
        ByteBuf first = writes.take(one, allocator);
        first.skipBytes(4);
        ByteBuf second = writes.take(two, allocator);
        assertThat(text(first)).isEqualTo("E");
        assertThat(text(second)).isEqualTo("abcDE");
    }

    @Test
    void a_run_that_is_held_beyond_a_release_is_still_written() {
        SharedWrites.Run one = two();
        SharedWrites.Run two = two();
        ByteBuf before = writes.take(one, allocator);
        writes.release();
        before.release();
        ByteBuf after = writes.take(two, allocator);
        assertThat(text(after)).isEqualTo("abcDE");
        after.release();
        writes.release();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Property(tries = 300)
    void each_stream_gets_exactly_what_was_appended_to_it(
            @ForAll @Size(max = 40) List<@IntRange(max = 99) Integer> steps) {
        // given five streams; each step appends one of three ranges to one of them, writes it, or ends the turn
        List<StringBuilder> wanted = new ArrayList<>();
        List<StringBuilder> sent = new ArrayList<>();
        List<SharedWrites.@Nullable Run> held = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            wanted.add(new StringBuilder());
            sent.add(new StringBuilder());
            held.add(null);
        }
        for (int step : steps) {
            int stream = step % 5;
            switch (step / 5 % 6) {
                case 0 -> append(wanted, held, stream, BATCH, 0, 3);
                case 1 -> append(wanted, held, stream, OTHER, 3, 2);
                case 2, 3 -> append(wanted, held, stream, BATCH, 3, 4);
                case 4 -> write(sent, held, stream);
                default -> writes.release();
            }
        }
        // when all are written
        for (int i = 0; i < 5; i++) {
            write(sent, held, i);
        }
        writes.release();
        // then
        assertThat(sent.stream().map(StringBuilder::toString).toList())
                .isEqualTo(wanted.stream().map(StringBuilder::toString).toList());
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private void append(
            List<StringBuilder> wanted,
            List<SharedWrites.@Nullable Run> held,
            int stream,
            byte[] bytes,
            int from,
            int length) {
        held.set(stream, writes.append(held.get(stream), bytes, from, length));
        wanted.get(stream).append(new String(bytes, from, length, StandardCharsets.US_ASCII));
    }

    private void write(List<StringBuilder> sent, List<SharedWrites.@Nullable Run> held, int stream) {
        SharedWrites.Run run = held.set(stream, null);
        if (run != null) {
            ByteBuf bytes = stream == 0 ? writes.copy(run, allocator, 8) : writes.take(run, allocator);
            sent.get(stream).append(text(bytes));
            bytes.release();
        }
    }

    private SharedWrites.Run two() {
        return writes.append(writes.append(null, BATCH, 0, 3), OTHER, 3, 2);
    }

    private static String text(ByteBuf bytes) {
        return bytes.toString(StandardCharsets.US_ASCII);
    }
}
