package io.tailrace.ingest.answer;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person has of answers since a time, by the copy of the jobs.
 *
 * @param owner the person
 * @param tokens of all of them, with those that may still be taken
 * @param unfinished how many have not ended
 * @param oldestAt when the first of them was asked for; null if there are none
 */
@MappedEntity("jobs")
record AnswerLoad(@Id String owner, long tokens, long unfinished, @Nullable Instant oldestAt) {}
