@NullMarked
package io.tailrace.kit.file;

import org.jspecify.annotations.NullMarked;
