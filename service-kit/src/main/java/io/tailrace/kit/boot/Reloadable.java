package io.tailrace.kit.boot;

/**
 * Something that is read again without a restart when the process gets SIGHUP. Implementations are beans, are called on one
 * thread, one after the other, and keep what they have if they cannot read it again.
 */
public interface Reloadable {
    /** What it is, for the log. */
    String reloads();

    /**
     * Reads it again.
     *
     * @throws Exception if that is not possible; what there was stays
     */
    void reload() throws Exception;
}
