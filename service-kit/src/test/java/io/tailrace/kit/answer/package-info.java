@NullMarked
package io.tailrace.kit.answer;

import org.jspecify.annotations.NullMarked;
