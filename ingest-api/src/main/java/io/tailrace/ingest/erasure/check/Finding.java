package io.tailrace.ingest.erasure.check;

/**
 * What is left somewhere.
 *
 * @param place where
 * @param count how many records, rows, keys or documents
 * @param what what they have of the person
 * @param allowed whether that is meant to stay, or goes by itself in a known time
 */
record Finding(String place, long count, String what, boolean allowed) {
    String line() {
        return (allowed ? "stays:  " : "FOUND:  ") + place + ": " + count + " " + what;
    }
}
