package io.tailrace.ingest.erasure;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.util.UUID;

/**
 * A job that names a person.
 *
 * @param waits whether it would still do something for them: it is not finished, and its payload or a key has their address, number or name
 * @param finished whether it is over
 */
@MappedEntity("jobs")
record NamedJob(@Id UUID id, String queue, boolean waits, boolean finished) {}
