package io.tailrace.projections.dashboard;

import io.tailrace.contracts.event.DashboardSaved;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Payload;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.projections.projection.Projection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** {@code tailrace.dashboards} to {@link DashboardChange}. */
public final class DashboardProjection implements Projection<DashboardChange> {
    @Override
    public String name() {
        return "dashboards";
    }

    @Override
    public String topic() {
        return Topics.DASHBOARDS;
    }

    @Override
    public ParsedRecord<DashboardChange> read(LogEntry entry) {
        try {
            return switch (entry) {
                case LogEntry.Tombstone(String key) -> new ParsedRecord.Changes<>(new DashboardChange.Delete(id(key)));
                case LogEntry.Fact fact -> read(fact.key(), fact.event());
            };
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        }
    }

    private static ParsedRecord<DashboardChange> read(String key, Event event) throws UnreadablePayload {
        if (!event.type().equals(EventTypes.DASHBOARD_SAVED)) {
            return new ParsedRecord.Ignored<>();
        }
        Payload payload = Payload.parse(event.data());
        UUID owner = Payload.uuid("key's owner", FactKeys.owner(key));
        payload.requireSame("owner_id", owner);
        // A row under another id than the key's would outlive the tombstone that deletes the dashboard.
        payload.requireSame("id", id(key));
        return new ParsedRecord.Changes<>(new DashboardChange.Put(new DashboardSaved(
                id(key),
                owner,
                payload.text("name"),
                payload.text("range"),
                panels(payload.objects("panels")),
                payload.optionalText("link"),
                payload.instant("created_at"),
                payload.instant("changed_at"))));
    }

    private static List<DashboardSaved.Panel> panels(List<Payload> objects) throws UnreadablePayload {
        List<DashboardSaved.Panel> panels = new ArrayList<>();
        for (Payload panel : objects) {
            panels.add(new DashboardSaved.Panel(
                    panel.optionalText("title"), panel.uuids("metrics"), panel.text("resolution")));
        }
        return panels;
    }

    private static UUID id(String key) throws UnreadablePayload {
        return Payload.uuid("key's dashboard", FactKeys.fact(key));
    }
}
