package io.tailrace.edge.stream;

import io.tailrace.edge.window.PartitionId;

/** Runs what comes into a loop from outside so that an exception is the end of the streams concerned, and of no others. */
final class Guard {
    private final LoopState state;
    private final Endings endings;

    Guard(LoopState state, Endings endings) {
        this.state = state;
        this.endings = endings;
    }

    /** Something about one stream; whether it has come to its end. */
    boolean stream(EventStream stream, String during, Runnable input) {
        try {
            input.run();
            return true;
        } catch (RuntimeException | Error e) {
            state.fail(stream, during, e);
            return false;
        }
    }

    /**
     * Something about a partition. If it throws, what is known of the partition may be half-done. With its last stream it is
     * forgotten, at once and not at the end of the turn, so that no new stream finds it like that.
     */
    void partition(PartitionId partition, String during, Runnable input) {
        try {
            input.run();
        } catch (RuntimeException | Error e) {
            PartitionView view = state.views.get(partition);
            if (view == null) {
                state.fault(during, e);
            } else {
                state.fail(view, during, e);
                endings.closeLeaving();
            }
        }
    }

    /** Something about all partitions of a namespace, with the same answer. */
    void namespace(int namespace, String during, Runnable input) {
        try {
            input.run();
        } catch (RuntimeException | Error e) {
            state.fault(during, e);
            for (PartitionView view : state.views.values()) {
                if (view.id.namespace() == namespace) {
                    state.giveUp(view);
                }
            }
            endings.closeLeaving();
        }
    }
}
