package io.tailrace.kit.address;

import java.net.InetAddress;

/**
 * Addresses with the same first bits (RFC 4632). Immutable.
 *
 * @param network one of them
 * @param bits how many bits they share
 */
public record AddressRange(InetAddress network, int bits) {
    /**
     * Reads {@code 10.0.0.0/8}, {@code fd00::/8}, or one address.
     *
     * @param setting the setting that has the text, for the error message
     * @throws IllegalArgumentException if the text is neither
     */
    public static AddressRange parse(String setting, String text) {
        int slash = text.indexOf('/');
        try {
            InetAddress network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int all = network.getAddress().length * Byte.SIZE;
            int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
            if (bits >= 0 && bits <= all) {
                return new AddressRange(network, bits);
            }
        } catch (IllegalArgumentException e) {
            // Reported below, with what was expected.
        }
        throw new IllegalArgumentException(
                setting + ": \"" + text + "\", expected an address or a range such as 10.0.0.0/8");
    }

    /** Whether an address is one of them. */
    public boolean contains(InetAddress address) {
        byte[] ours = network.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i % Byte.SIZE);
            if (((ours[i / Byte.SIZE] ^ theirs[i / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
