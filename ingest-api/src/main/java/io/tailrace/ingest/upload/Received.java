package io.tailrace.ingest.upload;

/**
 * What is known of a content that has arrived.
 *
 * @param size in bytes
 * @param sha256 in lower-case hexadecimal
 * @param head its first bytes, at most {@link ContentTypes#HEAD_BYTES}
 */
record Received(long size, String sha256, byte[] head) {}
