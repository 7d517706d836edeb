package io.tailrace.edge.grpc;

import org.jspecify.annotations.Nullable;

/** The responses of {@code Subscribe}: what a stream appends between two flushes is one, as it is. */
final class FrameResponses implements Responses {
    private @Nullable Outlet outlet;

    @Override
    public void begin(Outlet to) {
        outlet = to;
    }

    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public void frames(byte[] frames, int length) {
        Outlet to = outlet;
        if (to != null) {
            to.send(frames, length);
        }
    }

    @Override
    public void ready() {}

    @Override
    public long keptBytes() {
        return 0;
    }

    @Override
    public void end() {}
}
