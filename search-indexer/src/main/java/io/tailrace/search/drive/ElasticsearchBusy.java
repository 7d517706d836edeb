package io.tailrace.search.drive;

/** Elasticsearch has not taken all of a batch and may take it later. */
final class ElasticsearchBusy extends Exception {
    private static final long serialVersionUID = 1L;

    ElasticsearchBusy(String reason) {
        super(reason);
    }
}
