package io.tailrace.systemtests.chaos.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds the record of one client against the log, entry by entry. An event must be in the log's index before its entry is
 * taken, unless it never will be. Not thread-safe.
 */
public final class ClientCheck {
    private final String client;
    private final LogIndex log;
    private final Findings findings;
    private final Map<String, Run> runs = new HashMap<>();
    private final Set<String> granted = new HashSet<>();
    private final Set<String> dropped = new HashSet<>();
    private Set<String> asked = Set.of();
    private long events;
    private long gaps;
    private long lostInGaps;
    private long closings;

    /** A check for a client that has done nothing yet. */
    public ClientCheck(String client, LogIndex log, Findings findings) {
        this.client = client;
        this.log = log;
        this.findings = findings;
    }

    /**
     * Takes the next entry.
     *
     * @param atMs when it was recorded, milliseconds since 1970
     */
    public void take(long atMs, Entry entry) {
        synchronized (log) {
            switch (entry) {
                case Entry.Asked(Set<String> channels, Set<String> allowed) -> {
                    asked = channels;
                    granted.clear();
                    granted.addAll(allowed);
                }
                case Entry.Changing(Set<String> allowed, Set<String> gone) -> {
                    granted.addAll(allowed);
                    dropped.addAll(gone);
                }
                case Entry.Opened(List<Entry.Started> channels) -> opened(atMs, channels);
                case Entry.Event(String channel, String id) -> event(atMs, channel, id);
                case Entry.Gap(List<String> channels, long from, long to) -> gap(atMs, channels, from, to);
                case Entry.Reset(String reason) -> fault(atMs, Finding.RESET, reason);
                case Entry.Changed changed -> changed(atMs, changed);
                case Entry.Postponed postponed -> {}
                case Entry.Ended(String why) -> closings += why.startsWith("stream.closing") ? 1 : 0;
                case Entry.Nonsense(String what) -> fault(atMs, Finding.NONSENSE, what);
            }
        }
    }

    /** Events that came. */
    public long events() {
        return events;
    }

    /** Gaps that were told. */
    public long gaps() {
        return gaps;
    }

    /** Events that gaps told the loss of. */
    public long lostInGaps() {
        return lostInGaps;
    }

    /** Streams that the edge closed with a word. */
    public long closings() {
        return closings;
    }

    /** Whether the client has exactly these channels and all of their events. */
    public boolean isSettled(Set<String> wanted) {
        synchronized (log) {
            if (!runs.keySet().equals(wanted)) {
                return false;
            }
            for (Map.Entry<String, Run> run : runs.entrySet()) {
                ChannelLog channel = log.channel(run.getKey());
                if (channel != null && run.getValue().outstanding(channel) > 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The record is at its end: what has not come until now is lost. */
    public void end(Set<String> wanted) {
        synchronized (log) {
            for (String name : wanted) {
                if (!runs.containsKey(name)) {
                    findings.add(Finding.OTHER_CHANNELS, 1, client + " wants " + name + " and never got it");
                }
            }
            for (Map.Entry<String, Run> run : runs.entrySet()) {
                if (!wanted.contains(run.getKey())) {
                    findings.add(
                            Finding.OTHER_CHANNELS, 1, client + " still has " + run.getKey() + ", which it gave up");
                }
                ChannelLog channel = log.channel(run.getKey());
                if (channel != null) {
                    long late = run.getValue().outstanding(channel);
                    findings.add(Finding.LOST, late, client + ", " + run.getKey() + ": the newest events");
                }
                ended(run.getKey(), run.getValue());
            }
        }
    }

    private void opened(long atMs, List<Entry.Started> channels) {
        Set<String> names = new HashSet<>();
        channels.forEach(started -> names.add(started.channel()));
        if (!names.equals(asked)) {
            fault(atMs, Finding.OTHER_CHANNELS, "asked for " + asked + ", opened with " + names);
        }
        for (String name : List.copyOf(runs.keySet())) {
            if (!names.contains(name)) {
                ended(name, runs.remove(name));
            }
        }
        // What goes on has its events where the last stream ended, wherever this one was told to start.
        channels.forEach(started -> begin(atMs, started));
    }

    private void begin(long atMs, Entry.Started started) {
        String name = started.channel();
        if (!granted.contains(name)) {
            fault(atMs, Finding.UNENTITLED, "reads " + name + " without access");
        }
        ChannelLog channel = log.channel(name);
        if (started.at().equals("earliest") && channel != null && !runs.containsKey(name)) {
            long trimmed = log.trimmedTo(channel.partition);
            if (started.offset() > trimmed) {
                fault(
                        atMs,
                        Finding.UNTRUE_START,
                        name + " starts at " + started.offset() + ", its oldest record is at " + trimmed);
            }
        }
        Run run = runs.get(name);
        if (run == null || run.isPending()) {
            runs.put(name, new Run(started.offset(), atMs));
        }
    }

    private void event(long atMs, String name, String id) {
        events++;
        ChannelLog channel = log.channel(name);
        Integer position = channel == null ? null : channel.position(id);
        Run run = runs.get(name);
        if (run == null) {
            fault(atMs, Finding.UNENTITLED, name + ": " + id + " came on a stream that does not have the channel");
        } else if (channel == null || position == null) {
            fault(atMs, Finding.INVENTED, name + ": " + id);
        } else {
            switch (run.arrives(channel, position)) {
                case NEXT -> {}
                case REPEATED -> fault(atMs, Finding.REPEATED, name + ": " + id);
                case LATE -> fault(atMs, Finding.OUT_OF_ORDER, name + ": " + id + " came late");
                case BEFORE_START -> fault(atMs, Finding.REPEATED, name + ": " + id + " is older than the told start");
            }
        }
    }

    private void gap(long atMs, List<String> names, long from, long to) {
        gaps++;
        for (String name : names) {
            Run run = runs.get(name);
            ChannelLog channel = log.channel(name);
            if (run == null) {
                fault(atMs, Finding.UNTRUE_GAP, name + " is not one of its channels");
            } else if (channel != null) {
                long trimmed = log.trimmedTo(channel.partition);
                if (from >= to || to > trimmed) {
                    fault(
                            atMs,
                            Finding.UNTRUE_GAP,
                            name + ": " + from + " to " + to + ", but the log begins at " + trimmed);
                } else {
                    lostInGaps += run.gap(channel, from, to);
                }
            }
        }
    }

    private void changed(long atMs, Entry.Changed changed) {
        for (String name : changed.removed()) {
            Run run = runs.remove(name);
            if (run != null) {
                ended(name, run);
            }
            if (!dropped.contains(name)) {
                fault(atMs, Finding.TAKEN_AWAY, name);
            }
        }
        changed.added().forEach(started -> begin(atMs, started));
        for (Entry.Started started : changed.available()) {
            Run run = runs.get(started.channel());
            if (run != null) {
                run.startsAt(started.offset(), atMs);
            }
        }
        for (String name : changed.refused()) {
            if (granted.contains(name)) {
                fault(atMs, Finding.TAKEN_AWAY, name + " was refused");
            }
        }
    }

    private void ended(String name, Run run) {
        ChannelLog channel = log.channel(name);
        if (channel != null) {
            findings.add(Finding.LOST, run.missing(channel), client + ", " + name + ": events in between");
        }
    }

    private void fault(long atMs, Finding kind, String what) {
        findings.add(kind, 1, client + " at " + atMs + ": " + what);
    }
}
