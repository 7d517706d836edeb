package io.tailrace.search.index;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch.indices.IndexState;
import co.elastic.clients.elasticsearch.indices.update_aliases.Action;
import io.tailrace.kit.consume.Source;
import io.tailrace.search.document.PartStyle;
import io.tailrace.search.document.SearchIndex;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that an index exists as it is declared, behind its alias. Thread-safe; several processes may do it at once.
 *
 * <p>An index is named for the version of its mapping, for how parts are found in it, and for the topic's id, so that
 * documents of a topic that was created anew never meet those of its predecessor: their offsets, which are the documents'
 * versions, begin again. One that was built beside another has a suffix, see {@link Rebuilds}.
 */
public final class IndexKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(IndexKeeper.class);
    private static final int NOT_FOUND = 404;
    private static final String ALREADY_EXISTS = "resource_already_exists_exception";

    private final ElasticsearchClient client;
    private final Templates templates;
    private final Capabilities capabilities;
    private final String prefix;

    /**
     * A keeper.
     *
     * @param prefix what the names of all indexes and aliases begin with; they belong to Tailrace alone
     */
    public IndexKeeper(ElasticsearchClient client, Templates templates, Capabilities capabilities, String prefix) {
        this.client = client;
        this.templates = templates;
        this.capabilities = capabilities;
        this.prefix = prefix;
    }

    /** The name by which an index is written, and by which other software reads it. */
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
        PartStyle style = capabilities.partStyle();
        String wanted = name(index, source, style);
        Map<String, IndexState> present = behind(alias(index));
        if (present.size() != 1 || !isA(wanted, present.keySet().iterator().next())) {
            create(index, wanted, style);
            present.keySet().forEach(old -> LOG.warn("index {}: {} is replaced by {}", index.name(), old, wanted));
            swap(alias(index), wanted, present);
        }
        return current(index)
                .filter(found -> isA(wanted, found.index()))
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
        return find(incarnation.alias()).filter(incarnation::equals).isPresent();
    }

    /**
     * The index that is searched now; empty if there is none yet, or one of another version of the mapping: a query of this
     * version would find too little there, and say nothing of it.
     *
     * @throws IOException if Elasticsearch is away
     * @throws ElasticsearchException if it refuses
     */
    public Optional<Incarnation> current(SearchIndex index) throws IOException {
        return find(alias(index)).filter(found -> found.index()
                .startsWith(alias(index) + "-" + index.mappingVersion()
                        + found.style().letter() + "-"));
    }

    /**
     * Makes what was written so far visible to searches.
     *
     * @throws IOException if Elasticsearch is away
     * @throws ElasticsearchException if it refuses
     */
    public void refresh(Incarnation incarnation) throws IOException {
        client.indices().refresh(refresh -> refresh.index(incarnation.index()));
    }

    /**
     * Deletes an index with all that is in it; nothing if it is gone already.
     *
     * @throws IOException if Elasticsearch is away
     * @throws ElasticsearchException if it refuses
     */
    public void delete(Incarnation incarnation) throws IOException {
        client.indices().delete(delete -> delete.index(incarnation.index()).ignoreUnavailable(true));
    }

    String wanted(SearchIndex index, Source source) throws IOException {
        return name(index, source, capabilities.partStyle());
    }

    /** Whether an index is the wanted one, or was built beside it. */
    static boolean isA(String wanted, String name) {
        return name.equals(wanted) || name.startsWith(wanted + Rebuilds.MARK);
    }

    private String name(SearchIndex index, Source source, PartStyle style) {
        // Kafka writes ids in Base64, which index names may not be.
        StringBuilder generation = new StringBuilder();
        for (char c : source.generation().toCharArray()) {
            generation.append(String.format(Locale.ROOT, "%02x", (int) c));
        }
        return alias(index) + "-" + index.mappingVersion() + style.letter() + "-" + generation;
    }

    Map<String, IndexState> behind(String alias) throws IOException {
        try {
            return client.indices().getSettings(get -> get.index(alias)).result();
        } catch (ElasticsearchException e) {
            if (e.status() == NOT_FOUND) {
                return Map.of();
            }
            throw e;
        }
    }

    Optional<Incarnation> find(String alias) throws IOException {
        Map<String, IndexState> behind = behind(alias);
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
        return uuid == null
                ? Optional.empty()
                : Optional.of(new Incarnation(alias, only.getKey(), uuid, style(only.getKey())));
    }

    /** By the name's last letter before the topic's id. */
    private static PartStyle style(String index) {
        return index.matches(".*-[0-9]+" + PartStyle.WILDCARD.letter() + "-[0-9a-f]+(" + Rebuilds.MARK + ".*)?")
                ? PartStyle.WILDCARD
                : PartStyle.GRAMS;
    }

    /** Creates an index, if there is none of this name. */
    void create(SearchIndex index, String name, PartStyle style) throws IOException {
        templates.put(index, alias(index), style);
        try {
            // Not by the template alone: a process of another version may have put its own there in between.
            client.indices().create(create -> create.withJson(
                            new StringReader(index.template(style).toString()))
                    .index(name));
            LOG.info("index {}: created {}, filling it from the start of {}", index.name(), name, index.topic());
        } catch (ElasticsearchException e) {
            // Another process was faster, or the alias alone was lost.
            if (!ALREADY_EXISTS.equals(e.error().type())) {
                throw e;
            }
        }
    }

    PartStyle offered() throws IOException {
        return capabilities.partStyle();
    }

    /** In one step, so that a search finds one index at every moment. */
    void swap(String alias, String wanted, Map<String, IndexState> present) throws IOException {
        List<Action> actions = new ArrayList<>();
        present.keySet().stream()
                .filter(old -> !old.equals(wanted))
                .forEach(old -> actions.add(Action.of(action -> action.removeIndex(remove -> remove.index(old)))));
        actions.add(Action.of(action -> action.add(add -> add.index(wanted).alias(alias))));
        client.indices().updateAliases(update -> update.actions(actions));
    }
}
