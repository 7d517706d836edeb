package io.tailrace.kit.testing;

import io.tailrace.backends.RealBroker;

/** One real broker for all tests of a JVM. Nobody stops it. */
public final class TestBroker extends RealBroker {
    private static class Shared {
        static final TestBroker BROKER = new TestBroker();
    }

    private TestBroker() {}

    /** The one broker of this JVM. */
    public static TestBroker shared() {
        return Shared.BROKER;
    }
}
