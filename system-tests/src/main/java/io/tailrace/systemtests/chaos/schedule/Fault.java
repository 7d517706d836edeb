package io.tailrace.systemtests.chaos.schedule;

/** One thing that goes wrong, or that a client asks for. Its text is a line of the printed schedule. */
public sealed interface Fault {
    /** A word for the counts. */
    String kind();

    /** A process that is killed, frozen or restarted. */
    enum Part {
        EDGE_1("edge 1"),
        EDGE_2("edge 2"),
        WORKER_1("worker 1"),
        WORKER_2("worker 2"),
        DISPATCHER("dispatcher"),
        BROKER("broker");

        private final String text;

        Part(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** SIGKILL; it is started again after {@code downMs}, or by its supervisor. */
    record Kill(Part part, long downMs) implements Fault {
        @Override
        public String kind() {
            return "kill " + part;
        }

        @Override
        public String toString() {
            return kind();
        }
    }

    /** SIGSTOP, and SIGCONT after {@code forMs}. */
    record Freeze(Part part, long forMs) implements Fault {
        @Override
        public String kind() {
            return "freeze " + part;
        }

        @Override
        public String toString() {
            return kind() + " for " + forMs + " ms";
        }
    }

    /** SIGTERM, the edge's drain, and a new start. */
    record Restart(Part part) implements Fault {
        @Override
        public String kind() {
            return "restart " + part;
        }

        @Override
        public String toString() {
            return kind();
        }
    }

    /** Some of the connections are cut, in the middle of whatever they carry. */
    record Cut(int percent) implements Fault {
        @Override
        public String kind() {
            return "cut";
        }

        @Override
        public String toString() {
            return "cut " + percent + " % of the connections";
        }
    }

    /** What is sent on some of the connections arrives later. */
    record Delay(int percent, long delayMs, long forMs) implements Fault {
        @Override
        public String kind() {
            return "delay";
        }

        @Override
        public String toString() {
            return "delay " + percent + " % of the connections by " + delayMs + " ms for " + forMs + " ms";
        }
    }

    /** Retention deletes everything of a partition that the checker has read, whoever has not. */
    record Trim(String namespace, int partition) implements Fault {
        @Override
        public String kind() {
            return "trim";
        }

        @Override
        public String toString() {
            return "trim partition " + partition + " of " + namespace;
        }
    }

    /** A client does not read for a while. */
    record Slow(int client, long forMs) implements Fault {
        @Override
        public String kind() {
            return "slow";
        }

        @Override
        public String toString() {
            return "client " + client + " does not read for " + forMs + " ms";
        }
    }

    /** A client ends its stream and is back after a while. */
    record Away(int client, long forMs) implements Fault {
        @Override
        public String kind() {
            return "away";
        }

        @Override
        public String toString() {
            return "client " + client + " is away for " + forMs + " ms";
        }
    }

    /** A client gives its open stream a new token. */
    record Renew(int client) implements Fault {
        @Override
        public String kind() {
            return "renew";
        }

        @Override
        public String toString() {
            return "client " + client + " renews its token";
        }
    }

    /** A client gets a token without one of its channels. */
    record Revoke(int client, String channel) implements Fault {
        @Override
        public String kind() {
            return "revoke";
        }

        @Override
        public String toString() {
            return "client " + client + " loses its access to " + channel;
        }
    }

    /** A client gets a token with one more channel, and adds it. */
    record Grant(int client, String channel, String start) implements Fault {
        @Override
        public String kind() {
            return "grant";
        }

        @Override
        public String toString() {
            return "client " + client + " gets access to " + channel + " and adds it from " + start;
        }
    }

    /** A client adds a channel that it may read. */
    record Add(int client, String channel, String start) implements Fault {
        @Override
        public String kind() {
            return "add";
        }

        @Override
        public String toString() {
            return "client " + client + " adds " + channel + " from " + start;
        }
    }

    /** A client removes a channel. */
    record Remove(int client, String channel) implements Fault {
        @Override
        public String kind() {
            return "remove";
        }

        @Override
        public String toString() {
            return "client " + client + " removes " + channel;
        }
    }

    /** A client asks for a channel that it may not read. */
    record Trespass(int client, String channel) implements Fault {
        @Override
        public String kind() {
            return "trespass";
        }

        @Override
        public String toString() {
            return "client " + client + " asks for " + channel + " without access";
        }
    }
}
