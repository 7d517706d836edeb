@NullMarked
package io.tailrace.contracts.text;

import org.jspecify.annotations.NullMarked;
