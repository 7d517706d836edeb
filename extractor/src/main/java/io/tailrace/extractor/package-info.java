/**
 * Reads the text of one file and ends. It is a program of its own, started by {@code workers} with little memory and without a network, because
 * files are made by anybody and parsers have faults: docs/decisions/0087.
 */
@NullMarked
package io.tailrace.extractor;

import org.jspecify.annotations.NullMarked;
