package io.tailrace.search.index;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.ErrorCause;
import co.elastic.clients.elasticsearch._types.VersionType;
import co.elastic.clients.elasticsearch.core.BulkRequest;
import co.elastic.clients.elasticsearch.core.BulkResponse;
import co.elastic.clients.elasticsearch.core.bulk.BulkOperation;
import co.elastic.clients.elasticsearch.core.bulk.BulkResponseItem;
import io.tailrace.search.document.DocumentChange;
import io.tailrace.search.document.DocumentForm;
import io.tailrace.search.document.PartStyle;
import io.tailrace.search.document.SearchIndex;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes batches. A change that is older than what the index has is passed over (external versioning), so that a batch
 * can be written again, whole or in part, and in any company. Thread-safe.
 */
public final class BulkWriter {
    private static final int CONFLICT = 409;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERRORS = 500;
    private static final String INDEX_NOT_FOUND = "index_not_found_exception";

    private final ElasticsearchClient client;

    /** A writer. */
    public BulkWriter(ElasticsearchClient client) {
        this.client = client;
    }

    /**
     * Writes a batch.
     *
     * @param index whose documents they are
     * @param changes at least one
     * @throws IOException if Elasticsearch is away
     * @throws ElasticsearchException if it refuses the whole request
     */
    public BulkOutcome write(SearchIndex index, Incarnation incarnation, List<VersionedChange> changes)
            throws IOException {
        BulkRequest.Builder request =
                new BulkRequest.Builder().index(incarnation.alias()).requireAlias(true);
        for (VersionedChange each : changes) {
            request.operations(operation(index, incarnation.style(), each));
        }
        BulkResponse response = client.bulk(request.build());
        return response.errors() ? outcome(response.items()) : new BulkOutcome.Written(Map.of());
    }

    private static BulkOperation operation(SearchIndex index, PartStyle style, VersionedChange each) {
        return switch (each.change()) {
            case DocumentChange.Put put ->
                BulkOperation.of(
                        bulk -> bulk.index(document -> document.id(put.id().toString())
                                .version(each.version())
                                .versionType(VersionType.External)
                                .document(DocumentForm.of(index, put.fields(), style))));
            case DocumentChange.Delete delete ->
                BulkOperation.of(bulk -> bulk.delete(gone ->
                        gone.id(delete.id().toString()).version(each.version()).versionType(VersionType.External)));
        };
    }

    private static BulkOutcome outcome(List<BulkResponseItem> items) {
        Map<Integer, String> refused = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            BulkResponseItem item = items.get(i);
            ErrorCause error = item.error();
            if (error == null || item.status() == CONFLICT) {
                continue;
            }
            String reason = error.type() + ": " + error.reason();
            if (INDEX_NOT_FOUND.equals(error.type())) {
                return new BulkOutcome.Gone();
            }
            if (item.status() == TOO_MANY_REQUESTS || item.status() >= SERVER_ERRORS) {
                return new BulkOutcome.Busy(reason);
            }
            refused.put(i, "Elasticsearch refuses it: " + reason);
        }
        return new BulkOutcome.Written(refused);
    }
}
