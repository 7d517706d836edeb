/**
 * Answers of models: a job asks a provider and writes what it says to the channel of the answer while it comes. Decoders, batches and
 * requests are pure; {@link io.tailrace.workers.answer.ProviderCall} and {@link io.tailrace.workers.answer.AnswerChannel} do what has to
 * do with others.
 */
@NullMarked
package io.tailrace.workers.answer;

import org.jspecify.annotations.NullMarked;
