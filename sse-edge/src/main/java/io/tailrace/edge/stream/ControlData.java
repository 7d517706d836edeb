package io.tailrace.edge.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The data of control events: JSON on one line. Stateless. */
final class ControlData {
    private static final String HEX = "0123456789abcdef";

    private ControlData() {}

    static String open(EventStream stream) {
        Map<String, Lane> lanes = new HashMap<>();
        for (int i = 0; i < stream.laneCount(); i++) {
            Lane lane = stream.lane(i);
            for (int c = 0; c < lane.channels(); c++) {
                lanes.put(lane.subscription(c).channel, lane);
            }
        }
        StringBuilder json = new StringBuilder(128).append("{\"connection_id\":");
        string(json, stream.connectionId()).append(",\"resumed\":").append(stream.resumed);
        json.append(",\"channels\":[");
        String separator = "";
        for (WantedChannel channel : stream.opening) {
            json.append(separator);
            started(json, channel, lanes.get(channel.name()), stream.unusableCursor);
            separator = ",";
        }
        return json.append("]}").toString();
    }

    static String reset(ResetReason reason, List<Lane> lanes) {
        StringBuilder json = new StringBuilder(96).append("{\"reason\":");
        positions(string(json, reason.text()).append(",\"channels\":"), lanes, false);
        return json.append('}').toString();
    }

    static String gap(Lane lane) {
        long from = lane.gapFrom();
        long to = lane.position();
        StringBuilder json = new StringBuilder(96).append("{\"channels\":[");
        names(json, lane);
        return json.append("],\"from\":")
                .append(from)
                .append(",\"to\":")
                .append(to)
                .append(",\"lost\":")
                .append(to - from)
                .append('}')
                .toString();
    }

    static String channels(
            EventStream stream, @Nullable PendingChanges changes, List<Lane> unavailable, List<Lane> available) {
        StringBuilder json = new StringBuilder(128).append('{');
        if (changes != null) {
            json.append("\"removed\":[");
            String separator = "";
            for (PendingChanges.Removed removed : changes.removed()) {
                reason(json.append(separator), removed.channel(), removed.reason());
                separator = ",";
            }
            separator = "";
            json.append("],\"added\":[");
            for (WantedChannel added : changes.added()) {
                Subscription subscription = stream.find(added.name());
                started(json.append(separator), added, subscription == null ? null : subscription.lane, null);
                separator = ",";
            }
            separator = "";
            json.append("],\"refused\":[");
            for (ChannelChanges.Refused refused : changes.refused()) {
                reason(json.append(separator), refused.channel(), refused.reason());
                separator = ",";
            }
            json.append(']');
            if (changes.dropped() > 0) {
                json.append(",\"dropped\":").append(changes.dropped());
            }
        }
        if (!unavailable.isEmpty()) {
            json.append(json.length() > 1 ? "," : "").append("\"unavailable\":[");
            String separator = "";
            for (Lane lane : unavailable) {
                names(json.append(separator), lane);
                separator = ",";
            }
            json.append(']');
        }
        if (!available.isEmpty()) {
            json.append(json.length() > 1 ? "," : "").append("\"available\":");
            positions(json, available, true);
        }
        return json.append('}').toString();
    }

    static String closing(CloseReason reason) {
        return string(new StringBuilder(48).append("{\"reason\":"), reason.text())
                .append(",\"reconnect\":")
                .append(reason.reconnect())
                .append('}')
                .toString();
    }

    /** {@code [{"channel":…,"start":{"offset":…}},…]}; without an offset where it is not known yet. */
    private static void positions(StringBuilder json, List<Lane> lanes, boolean tellResets) {
        json.append('[');
        String separator = "";
        for (Lane lane : lanes) {
            for (int i = 0; i < lane.channels(); i++) {
                string(json.append(separator).append("{\"channel\":"), lane.subscription(i).channel);
                json.append(",\"start\":{");
                start(json, "", lane, tellResets ? lane.untoldReset() : null);
                json.append("}}");
                separator = ",";
            }
        }
        json.append(']');
    }

    private static void start(StringBuilder json, String separator, @Nullable Lane lane, @Nullable ResetReason reset) {
        String next = separator;
        if (lane != null && lane.start() == null) {
            json.append(next).append("\"offset\":").append(startOffset(lane));
            next = ",";
        }
        if (reset != null) {
            string(json.append(next).append("\"reset\":"), reset.text());
        }
    }

    private static void names(StringBuilder json, Lane lane) {
        for (int i = 0; i < lane.channels(); i++) {
            string(json.append(i == 0 ? "" : ","), lane.subscription(i).channel);
        }
    }

    /** {@code {"channel":…,"start":{"at":…,"offset":…}}}, and why it is not where the client wanted it. */
    private static void started(
            StringBuilder json, WantedChannel channel, @Nullable Lane lane, @Nullable ResetReason unusableCursor) {
        string(json.append("{\"channel\":"), channel.name()).append(",\"start\":{\"at\":");
        boolean settled = lane != null && lane.isSettled();
        String at =
                switch (channel.start()) {
                    case Start.Live live -> "live";
                    case Start.Earliest earliest -> "earliest";
                    case Start.At offset -> "offset";
                };
        string(json, settled ? at : "pending");
        ResetReason reset = lane != null && lane.untoldReset() != null ? lane.untoldReset() : unusableCursor;
        start(json, ",", lane, reset);
        json.append("}}");
    }

    /** Where it starts before what is lost is skipped. */
    private static long startOffset(Lane lane) {
        return lane.toldPosition();
    }

    private static void reason(StringBuilder json, String channel, @Nullable String reason) {
        string(json.append("{\"channel\":"), channel);
        if (reason != null) {
            string(json.append(",\"reason\":"), reason);
        }
        json.append('}');
    }

    /** A JSON string (RFC 8259, section 7), without the characters at which decoders in other languages end a line. */
    static StringBuilder string(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c == 0x85) {
                json.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else if (c == 0x2028 || c == 0x2029) {
                json.append("\\u202").append(HEX.charAt(c & 15));
            } else {
                json.append(c);
            }
        }
        return json.append('"');
    }
}
