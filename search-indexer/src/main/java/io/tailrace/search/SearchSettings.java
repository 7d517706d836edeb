package io.tailrace.search;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the log is indexed and searched.
 *
 * @param indexPrefix what the names of indexes and aliases in Elasticsearch begin with; no other software may use it
 * @param groupPrefix the consumer group of an index is this, its name and its UUID in Elasticsearch
 * @param instanceId if set, an indexer that comes back under this name within {@code sessionTimeout} takes its
 *     partitions up at once, also after {@code kill -9}; unique per running indexer (KIP-345)
 * @param sessionTimeout after this silence an indexer counts as dead and others take its partitions
 * @param turnTimeout after this long in one turn an indexer counts as stuck and others take its partitions
 * @param batchRecords the most records in one bulk request
 * @param fetchBytes the most bytes that one fetch brings
 * @param fetchWait how long a broker collects records for a fetch, unless there are 64 KiB before: what comes in meanwhile is
 *     one bulk request and one commit of offsets
 * @param pollWait how long one turn of a loop waits for records
 * @param retryFirst the wait after the first failure; it doubles from there
 * @param retryLongest the longest wait between attempts
 * @param indexCheck how often to look whether index and topic are still the same ones
 * @param refreshInterval the shortest time from one refresh by the indexer to the next: what was written is found about so much
 *     later, and {@code search:{index}} says so. After a slow one it rests as long as that took, at most 500 ms
 * @param brokerTimeout the longest wait for an answer of Kafka to a question about a topic
 * @param deadLetterTimeout the longest wait for Kafka to take a dead letter
 * @param stopTimeout how long a stop waits for the request under way
 * @param maxConcurrentSearches searches at the same moment; one more waits
 * @param maxWaitingSearches searches that wait for one of these to end; one more is answered 503
 * @param slotTimeout how long a search waits at most before it begins; then it is answered 503
 * @param searchTimeout how long Elasticsearch may work on one search; then it is answered 503
 * @param maxMatches how many matching documents one search looks at; of more, the best among the first so many
 * @param pageTimeout how long after a page the next one can be asked for; then it is answered 410
 * @param maxOpenPages snapshots of the index that are kept for those who turn pages; for one more the oldest is given up
 * @param auditTimeout the longest wait for Kafka to take the audit event of a search over personal data; then it is
 *     answered 503
 * @param retryAfter what the 503 says
 */
@ConfigurationProperties("tailrace.search")
public record SearchSettings(
        @Bindable(defaultValue = "tailrace-") String indexPrefix,
        @Bindable(defaultValue = "tailrace-search-") String groupPrefix,
        @Nullable String instanceId,
        @Bindable(defaultValue = "10s") Duration sessionTimeout,
        @Bindable(defaultValue = "60s") Duration turnTimeout,
        @Bindable(defaultValue = "1000") int batchRecords,
        @Bindable(defaultValue = "4194304") int fetchBytes,
        @Bindable(defaultValue = "100ms") Duration fetchWait,
        @Bindable(defaultValue = "500ms") Duration pollWait,
        @Bindable(defaultValue = "100ms") Duration retryFirst,
        @Bindable(defaultValue = "5s") Duration retryLongest,
        @Bindable(defaultValue = "5s") Duration indexCheck,
        @Bindable(defaultValue = "250ms") Duration refreshInterval,
        @Bindable(defaultValue = "5s") Duration brokerTimeout,
        @Bindable(defaultValue = "30s") Duration deadLetterTimeout,
        @Bindable(defaultValue = "10s") Duration stopTimeout,
        @Bindable(defaultValue = "16") int maxConcurrentSearches,
        @Bindable(defaultValue = "100") int maxWaitingSearches,
        @Bindable(defaultValue = "10s") Duration slotTimeout,
        @Bindable(defaultValue = "3s") Duration searchTimeout,
        @Bindable(defaultValue = "100000") int maxMatches,
        @Bindable(defaultValue = "60s") Duration pageTimeout,
        @Bindable(defaultValue = "500") int maxOpenPages,
        @Bindable(defaultValue = "3s") Duration auditTimeout,
        @Bindable(defaultValue = "5s") Duration retryAfter) {}
