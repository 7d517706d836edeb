package io.tailrace.kit.json;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * How large the parts of a JSON document may be that comes over HTTP. The whole document is bounded by the size of a
 * request's body.
 *
 * @param maxDepth of nested arrays and objects
 * @param maxStringLength of one string, in characters
 * @param maxNameLength of one field name, in characters
 * @param maxNumberLength of one number, in digits
 */
@ConfigurationProperties("tailrace.json")
public record InputLimits(
        @Bindable(defaultValue = "64") int maxDepth,
        @Bindable(defaultValue = "1048576") int maxStringLength,
        @Bindable(defaultValue = "256") int maxNameLength,
        @Bindable(defaultValue = "100") int maxNumberLength) {}
