package io.tailrace.dispatcher.job;

/** A key of a queue's jobs. */
record QueueKey(String queue, String key) {}
