/**
 * People: registering, and the passwords' hashes. A password or its hash never leaves this package.
 */
@NullMarked
package io.tailrace.ingest.account;

import org.jspecify.annotations.NullMarked;
