package io.tailrace.workers.answer;

/** What a provider sent is not of its protocol. The message does not repeat it. */
final class MalformedAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedAnswerException(String message) {
        super(message);
    }
}
