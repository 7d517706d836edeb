package io.tailrace.standalone;

/** Why a command could not do what it was asked to. The message is for the person who ran it and names what to do. */
public final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A fault that the message alone explains. */
    public Fault(String message) {
        super(message);
    }

    /** A fault with its cause, which goes to the log and not to the terminal. */
    public Fault(String message, Throwable cause) {
        super(message, cause);
    }
}
