/**
 * Who is in a large demo set, whom they follow, what they write. Pure: the same number gives the same person, each time
 * and in any order.
 */
@NullMarked
package io.tailrace.seeds.crowd;

import org.jspecify.annotations.NullMarked;
