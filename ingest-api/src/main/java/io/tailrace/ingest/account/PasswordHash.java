package io.tailrace.ingest.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A password's hash: Argon2id (RFC 9106) with the parameters that OWASP's password storage cheat sheet names first for
 * it, in PHC string form. Making one takes about 40 ms of CPU and {@value #MEMORY_KIB} KiB. Pure.
 *
 * @param memoryKib memory, in KiB
 * @param iterations passes over the memory
 * @param salt the salt
 * @param hash the tag
 */
record PasswordHash(int memoryKib, int iterations, byte[] salt, byte[] hash) {
    static final int MEMORY_KIB = 19_456;
    static final int ITERATIONS = 2;
    static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LANES = 1;

    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=1\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");
    private static final int MAX_MEMORY_KIB = 1 << 18;

    /** Hashes a password with today's parameters. */
    static PasswordHash of(String password, byte[] salt) {
        return new PasswordHash(
                MEMORY_KIB, ITERATIONS, salt, compute(password, salt, MEMORY_KIB, ITERATIONS, HASH_BYTES));
    }

    /**
     * Reads the PHC string form.
     *
     * @throws IllegalArgumentException if it is not an Argon2id hash with parameters that this process can bear
     */
    static PasswordHash parse(String phc) {
        Matcher matcher = PHC.matcher(phc);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an Argon2id hash in PHC string form");
        }
        int memoryKib = Integer.parseInt(matcher.group(1));
        int iterations = Integer.parseInt(matcher.group(2));
        if (memoryKib < 8 || memoryKib > MAX_MEMORY_KIB || iterations < 1) {
            throw new IllegalArgumentException("Argon2id with m=" + memoryKib + ",t=" + iterations);
        }
        Base64.Decoder decoder = Base64.getDecoder();
        return new PasswordHash(
                memoryKib, iterations, decoder.decode(matcher.group(3)), decoder.decode(matcher.group(4)));
    }

    /** Whether this is the hash of {@code password}; takes the same time whatever the answer. */
    boolean isOf(String password) {
        return MessageDigest.isEqual(hash, compute(password, salt, memoryKib, iterations, hash.length));
    }

    /** The PHC string form. */
    String phc() {
        Base64.Encoder encoder = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + memoryKib + ",t=" + iterations + ",p=" + LANES + "$" + encoder.encodeToString(salt)
                + "$" + encoder.encodeToString(hash);
    }

    @Override
    public String toString() {
        return "PasswordHash[m=" + memoryKib + ", t=" + iterations + "]";
    }

    private static byte[] compute(String password, byte[] salt, int memoryKib, int iterations, int hashBytes) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(iterations)
                .withParallelism(LANES)
                .withSalt(salt)
                .build());
        byte[] out = new byte[hashBytes];
        // One password typed on two keyboards is one password (RFC 8265, section 4.2.2).
        String normal = Normalizer.normalize(password, Normalizer.Form.NFC);
        var unused = generator.generateBytes(normal.getBytes(StandardCharsets.UTF_8), out);
        return out;
    }
}
