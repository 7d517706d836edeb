/**
 * The form of log lines: text for a terminal, JSON for what collects logs. Logback's types are at home here; what is logged,
 * and what may not be, is the business of whoever logs.
 */
@NullMarked
package io.tailrace.kit.log;

import org.jspecify.annotations.NullMarked;
