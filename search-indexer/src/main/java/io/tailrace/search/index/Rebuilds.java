package io.tailrace.search.index;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch.indices.update_aliases.Action;
import io.tailrace.kit.consume.Source;
import io.tailrace.search.document.PartStyle;
import io.tailrace.search.document.SearchIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Indexes that are built beside the one that is searched. Each is behind an alias of its own until it takes the other's
 * place, so that whoever goes on with it finds it. Thread-safe.
 */
public final class Rebuilds {
    /** Stands between an index's usual name and what tells a rebuilt one. */
    static final String MARK = "-r";

    private static final String ALIAS_SUFFIX = "-rebuild";

    private final ElasticsearchClient client;
    private final IndexKeeper keeper;

    /** Rebuilds of the indexes of a keeper. */
    public Rebuilds(ElasticsearchClient client, IndexKeeper keeper) {
        this.client = client;
        this.keeper = keeper;
    }

    /**
     * An index that was begun and is still of use: of this topic, this mapping, and this server's abilities.
     *
     * @throws IOException if Elasticsearch is away
     */
    public Optional<Incarnation> begun(SearchIndex index, Source source) throws IOException {
        String wanted = keeper.wanted(index, source);
        return keeper.find(alias(index)).filter(found -> IndexKeeper.isA(wanted, found.index()));
    }

    /**
     * A new, empty index beside the one that is searched; whatever was begun before is dropped.
     *
     * @throws IOException if Elasticsearch is away
     */
    public Incarnation begin(SearchIndex index, Source source) throws IOException {
        String alias = alias(index);
        PartStyle style = keeper.offered();
        String name = keeper.wanted(index, source)
                + MARK
                + UUID.randomUUID().toString().substring(0, 8);
        keeper.create(index, name, style);
        keeper.swap(alias, name, keeper.behind(alias));
        return keeper.find(alias)
                .orElseThrow(() -> new IOException("index " + name + " was created, but is not behind " + alias));
    }

    /**
     * Puts the built index into the place of the one that is searched, which is dropped. In one step: a search finds one
     * of them at every moment.
     *
     * @throws IOException if Elasticsearch is away
     * @throws ElasticsearchException if it refuses
     */
    public void swap(SearchIndex index, Incarnation built) throws IOException {
        String alias = keeper.alias(index);
        // Otherwise what was written last would be gone for a moment.
        keeper.refresh(built);
        List<Action> actions = new ArrayList<>();
        for (String old : keeper.behind(alias).keySet()) {
            actions.add(Action.of(action -> action.removeIndex(remove -> remove.index(old))));
        }
        actions.add(
                Action.of(action -> action.add(add -> add.index(built.index()).alias(alias))));
        actions.add(Action.of(
                action -> action.remove(gone -> gone.index(built.index()).alias(built.alias()))));
        client.indices().updateAliases(update -> update.actions(actions));
    }

    private String alias(SearchIndex index) {
        return keeper.alias(index) + ALIAS_SUFFIX;
    }
}
