package io.tailrace.edge.log;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Questions that brokers have not answered and that are asked again. An event loop has one for each of its partitions at
 * most, which bounds them. Used by one thread.
 */
final class OpenQuestions {
    private record Due(long atMs, Runnable question) {}

    private final PriorityQueue<Due> waiting = new PriorityQueue<>(Comparator.comparingLong(Due::atMs));

    /** Asks at a time, unless the question that is returned is removed before. */
    Runnable add(long atMs, Runnable question) {
        waiting.add(new Due(atMs, question));
        return question;
    }

    void remove(Runnable question) {
        waiting.removeIf(due -> due.question == question);
    }

    /** Asks those whose time has come. */
    void askDue(long nowMs) {
        for (Due due = waiting.peek(); due != null && due.atMs <= nowMs; due = waiting.peek()) {
            waiting.poll();
            due.question.run();
        }
    }
}
