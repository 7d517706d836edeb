package io.tailrace.kit.file;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * Where files are kept. Immutable.
 *
 * @param folder a folder that lasts, the same for all processes of ingest-api and workers; {@code up} uses one in its data folder. Empty:
 *     there is none, and uploads are answered 503
 * @param unfinishedFor how long a file is kept that is not whole, from its beginning; and a file without a fact in the log
 */
@ConfigurationProperties("tailrace.files")
public record FileStoreSettings(
        @Bindable(defaultValue = "") String folder, @Bindable(defaultValue = "24h") Duration unfinishedFor) {}
