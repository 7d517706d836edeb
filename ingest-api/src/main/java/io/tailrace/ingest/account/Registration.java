package io.tailrace.ingest.account;

import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.person.PhoneNumber;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request for an account, as somebody sent it.
 *
 * @param email the address
 * @param password the password
 * @param name the name to show
 * @param phone the phone number as people write it, or null
 */
@Introspected
public record Registration(
        @Nullable String email, @Nullable String password, @Nullable String name, @Nullable String phone) {
    static final int MIN_PASSWORD = 8;
    static final int MAX_PASSWORD = 256;
    private static final int MAX_EMAIL = 254;
    private static final int MAX_NAME = 100;

    /** As browsers check {@code <input type=email>} (WHATWG HTML), with a dot in the domain. */
    private static final Pattern EMAIL = Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
            + "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    /** A request that is as it must be. */
    record Checked(String email, String password, String name, @Nullable String phone) {
        /** By what the address is unique. */
        String emailKey() {
            return key(email);
        }

        @Override
        public String toString() {
            return "Checked[" + emailKey() + "]";
        }
    }

    /**
     * The request, checked.
     *
     * @throws io.tailrace.kit.problem.ProblemException 400 with every fault; a password is never repeated
     */
    Checked checked() {
        Faults faults = new Faults();
        faults.add("email", emailFault(email));
        faults.add("password", passwordFault(password));
        faults.add("name", Texts.lineFault(name, MAX_NAME));
        Optional<PhoneNumber> number = Optional.ofNullable(phone).flatMap(PhoneNumber::parse);
        if (phone != null && number.isEmpty()) {
            faults.add(
                    "phone",
                    Texts.shown(phone) + ", expected " + PhoneNumber.MIN_DIGITS + " to " + PhoneNumber.MAX_DIGITS
                            + " digits, as in \"+4930123456\" or \"(555) 123-4567\"");
        }
        faults.throwIfAny();
        if (email == null || password == null || name == null) {
            throw new IllegalStateException("what is missing is a fault");
        }
        return new Checked(
                email, password, name, number.map(PhoneNumber::written).orElse(null));
    }

    /** By what an address is unique. */
    static String key(String email) {
        return email.toLowerCase(Locale.ROOT);
    }

    private static @Nullable String emailFault(@Nullable String email) {
        String expected = "expected an address such as \"name@example.com\" with at most " + MAX_EMAIL + " characters";
        if (email == null) {
            return "is missing, " + expected;
        }
        return email.length() <= MAX_EMAIL && EMAIL.matcher(email).matches()
                ? null
                : Texts.shown(email) + ", " + expected;
    }

    private static @Nullable String passwordFault(@Nullable String password) {
        String expected = "expected " + MIN_PASSWORD + " to " + MAX_PASSWORD + " characters";
        if (password == null) {
            return "is missing, " + expected;
        }
        int length = password.codePointCount(0, password.length());
        if (length < MIN_PASSWORD || length > MAX_PASSWORD) {
            return "has " + length + " characters, " + expected;
        }
        return password.indexOf('\0') >= 0 ? "has a NUL character, " + expected : null;
    }

    @Override
    public String toString() {
        return "Registration[]";
    }
}
