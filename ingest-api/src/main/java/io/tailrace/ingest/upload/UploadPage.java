package io.tailrace.ingest.upload;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A page of somebody's uploads, the newest first.
 *
 * @param uploads the uploads
 * @param next the value of {@code before} that gets the next page; missing on the last one
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record UploadPage(List<UploadView> uploads, @Nullable UUID next) {}
