@NullMarked
package io.tailrace.contracts.person;

import org.jspecify.annotations.NullMarked;
