@NullMarked
package io.tailrace.kit.broker;

import org.jspecify.annotations.NullMarked;
