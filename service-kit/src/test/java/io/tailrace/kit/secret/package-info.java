@NullMarked
package io.tailrace.kit.secret;

import org.jspecify.annotations.NullMarked;
