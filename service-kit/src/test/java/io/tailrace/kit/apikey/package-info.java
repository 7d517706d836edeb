@NullMarked
package io.tailrace.kit.apikey;

import org.jspecify.annotations.NullMarked;
