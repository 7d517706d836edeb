/**
 * Questions to models. A question is a job of the type {@code answer}, which {@code workers} run; the answer is events of {@code
 * answer:{owner}:{id}}. Whose one is sees it, and nobody else. {@code docs/answers.md} describes it for clients.
 */
@NullMarked
package io.tailrace.ingest.answer;

import org.jspecify.annotations.NullMarked;
