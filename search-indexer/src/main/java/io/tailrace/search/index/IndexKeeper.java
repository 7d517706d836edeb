package io.tailrace.search.index;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch.indices.GetIndicesSettingsResponse;
import co.elastic.clients.elasticsearch.indices.IndexState;
import co.elastic.clients.elasticsearch.indices.update_aliases.Action;
import io.tailrace.kit.consume.Source;
import io.tailrace.search.document.SearchIndex;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that an index exists as it is declared, behind its alias. Thread-safe; several processes may do it at once.
 *
 * <p>An index is named for the version of its mapping and for the topic's id, so that documents of a topic that was
 * created anew never meet those of its predecessor: their offsets, which are the documents' versions, begin again.
 */
public final class IndexKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(IndexKeeper.class);
    private static final int NOT_FOUND = 404;
    private static final String ALREADY_EXISTS = "resource_already_exists_exception";

    private final ElasticsearchClient client;
    private final String prefix;

    /**
     * A keeper.
     *
     * @param prefix what the names of all indexes and aliases begin with; they belong to Tailrace alone
     */
    public IndexKeeper(ElasticsearchClient client, String prefix) {
        this.client = client;
        this.prefix = prefix;
    }

    /** The name by which an index is read and written. */
    public String alias(SearchIndex index) {
        return prefix + index.name();
    }

    /**
     * The index for a topic; created, and put behind the alias instead of whatever is there, if it does not exist.
     *
     * @throws IOException if Elasticsearch is away
     * @throws ElasticsearchException if it refuses
     */
    public Incarnation ensure(SearchIndex index, Source source) throws IOException {
        String wanted = name(index, source);
        Map<String, IndexState> present = behind(alias(index));
        if (present.size() != 1 || !present.containsKey(wanted)) {
            create(index, wanted);
            present.keySet().stream()
                    .filter(old -> !old.equals(wanted))
                    .forEach(old -> LOG.warn("index {}: {} is replaced by {}", index.name(), old, wanted));
            swap(alias(index), wanted, present);
        }
        return incarnation(alias(index), behind(alias(index)))
                .filter(found -> found.index().equals(wanted))
                .orElseThrow(() ->
                        new IOException("index " + wanted + " was created, but is not the one behind " + alias(index)));
    }

    /**
     * Whether the index is still the same one.
     *
     * @throws IOException if Elasticsearch is away
     * @throws ElasticsearchException if it refuses
     */
    public boolean isCurrent(Incarnation incarnation) throws IOException {
        return incarnation(incarnation.alias(), behind(incarnation.alias()))
                .filter(incarnation::equals)
                .isPresent();
    }

    private String name(SearchIndex index, Source source) {
        // Kafka writes ids in Base64, which index names may not be.
        StringBuilder generation = new StringBuilder();
        for (char c : source.generation().toCharArray()) {
            generation.append(String.format("%02x", (int) c));
        }
        return alias(index) + "-" + index.mappingVersion() + "-" + generation;
    }

    private Map<String, IndexState> behind(String alias) throws IOException {
        try {
            GetIndicesSettingsResponse found = client.indices().getSettings(get -> get.index(alias));
            return found.result();
        } catch (ElasticsearchException e) {
            if (e.status() == NOT_FOUND) {
                return Map.of();
            }
            throw e;
        }
    }

    private static Optional<Incarnation> incarnation(String alias, Map<String, IndexState> behind) {
        if (behind.size() != 1) {
            return Optional.empty();
        }
        Map.Entry<String, IndexState> only = behind.entrySet().iterator().next();
        if (only.getKey().equals(alias) || only.getValue().settings() == null) {
            return Optional.empty();
        }
        var settings = only.getValue().settings();
        String uuid =
                settings.index() == null ? settings.uuid() : settings.index().uuid();
        return uuid == null ? Optional.empty() : Optional.of(new Incarnation(alias, only.getKey(), uuid));
    }

    private void create(SearchIndex index, String name) throws IOException {
        try {
            client.indices().create(create -> create.withJson(new StringReader(index.mapping()))
                    .index(name));
            LOG.info("index {}: created {}, to be filled from the start of {}", index.name(), name, index.topic());
        } catch (ElasticsearchException e) {
            // Another process was faster, or the alias alone was lost.
            if (!ALREADY_EXISTS.equals(e.error().type())) {
                throw e;
            }
        }
    }

    /** In one step, so that a search finds one index at every moment. */
    private void swap(String alias, String wanted, Map<String, IndexState> present) throws IOException {
        List<Action> actions = new ArrayList<>();
        present.keySet().stream()
                .filter(old -> !old.equals(wanted))
                .forEach(old -> actions.add(Action.of(action -> action.removeIndex(remove -> remove.index(old)))));
        actions.add(Action.of(action -> action.add(add -> add.index(wanted).alias(alias))));
        client.indices().updateAliases(update -> update.actions(actions));
    }
}
