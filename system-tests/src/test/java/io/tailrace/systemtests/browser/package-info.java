/** A real Chromium, driven by Playwright. */
@NullMarked
package io.tailrace.systemtests.browser;

import org.jspecify.annotations.NullMarked;
