package io.tailrace.workers.email;

import java.net.IDN;
import java.util.regex.Pattern;

/**
 * The address of a mailbox in the form in which it is sent: the domain in ASCII (RFC 5890). A local part outside of ASCII would need
 * SMTPUTF8 (RFC 6531) of every server on the way, and is refused.
 *
 * @param local what stands before the at sign
 * @param domain what stands behind it, in ASCII
 */
record Mailbox(String local, String domain) {
    /** RFC 5321, 4.1.2, without quoted strings: a dot-string. */
    private static final Pattern LOCAL =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");

    private static final Pattern DOMAIN =
            Pattern.compile("(?i)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");
    private static final int MAX_LOCAL = 64;
    private static final int MAX_DOMAIN = 255;

    /**
     * Reads an address.
     *
     * @param field what it is called in an error
     * @throws IllegalArgumentException if no mail can be sent to it; the message does not repeat it, because it names a person
     */
    static Mailbox of(String field, String address) {
        int at = address.lastIndexOf('@');
        String local = at < 0 ? "" : address.substring(0, at);
        String domain;
        try {
            domain = IDN.toASCII(address.substring(at + 1), IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            domain = "";
        }
        boolean fits = local.length() <= MAX_LOCAL
                && LOCAL.matcher(local).matches()
                && domain.length() <= MAX_DOMAIN
                && DOMAIN.matcher(domain).matches();
        if (!fits) {
            throw new IllegalArgumentException(
                    field + ": expected an address such as name@example.org, with ASCII alone before the at sign");
        }
        return new Mailbox(local, domain);
    }

    String address() {
        return local + "@" + domain;
    }
}
