/**
 * Files of people: they arrive as multipart forms or resumably by tus 1.0.0, are kept in the file store, and each is a fact in
 * {@code tailrace.uploads}. Whose one is sees it, and nobody else. {@code docs/files.md} describes it for clients.
 */
@NullMarked
package io.tailrace.ingest.upload;

import org.jspecify.annotations.NullMarked;
