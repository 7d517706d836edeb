package io.tailrace.kit.extract;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What became of the text of a file: the first line of the text's file.
 *
 * @param reason why there is none; null if there is
 * @param pages how many pages, slides or sheets it has
 * @param characters how many characters, in UTF-16 units
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TextState(@Nullable String reason, int pages, long characters) {}
