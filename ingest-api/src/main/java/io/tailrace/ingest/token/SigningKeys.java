package io.tailrace.ingest.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.micronaut.context.annotation.Value;
import io.tailrace.kit.boot.Reloadable;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of {@code TAILRACE_SIGNING_KEY_FILE}: a JWKS (RFC 7517) of P-256 keys, each with its {@code kid}. The first
 * signs and has its private part; all are published. A key is changed by putting the new one first and leaving the old one
 * behind it until the last token that it signed has ended. Read at the start and again at SIGHUP. Thread-safe.
 */
@Singleton
public final class SigningKeys implements Reloadable {
    private final @Nullable String file;
    private volatile Keys keys;

    /**
     * The key that signs, and what is published.
     *
     * @param id of the key that signs
     * @param signer signs; thread-safe
     * @param published the public keys as a JWKS document, without any private part
     */
    record Keys(String id, JWSSigner signer, String published) {
        /** How it signs. */
        JWSAlgorithm algorithm() {
            return JWSAlgorithm.ES256;
        }
    }

    /**
     * Reads the file.
     *
     * @throws IllegalStateException in one line, if it is not as described
     */
    public SigningKeys(@Nullable @Value("${tailrace.signing-key-file:}") String file) {
        this.file = file;
        this.keys = read(file);
    }

    /** The keys of now. A token is signed with one answer, so that its key id is the one of its signature. */
    Keys current() {
        return keys;
    }

    @Override
    public String reloads() {
        return "signing keys";
    }

    @Override
    public void reload() {
        keys = read(file);
    }

    private static Keys read(@Nullable String file) {
        if (file == null || file.isBlank()) {
            throw new IllegalStateException(
                    "TAILRACE_SIGNING_KEY_FILE is not set, expected a JWKS file with the private"
                            + " ES256 key that signs tokens");
        }
        JWKSet keys = read(Path.of(file));
        for (JWK key : keys.getKeys()) {
            if (!(key instanceof ECKey ec) || !Curve.P_256.equals(ec.getCurve()) || key.getKeyID() == null) {
                throw new IllegalStateException(
                        file + ": key \"" + key.getKeyID() + "\", expected P-256 keys with a kid and nothing else");
            }
        }
        if (keys.isEmpty() || !keys.getKeys().getFirst().isPrivate()) {
            throw new IllegalStateException(file + ": expected a private key first");
        }
        ECKey first = keys.getKeys().getFirst().toECKey();
        try {
            return new Keys(
                    first.getKeyID(), new ECDSASigner(first), new JWKSet(List.copyOf(keys.getKeys())).toString(true));
        } catch (JOSEException e) {
            throw new IllegalStateException(file + ": key \"" + first.getKeyID() + "\" cannot sign", e);
        }
    }

    private static JWKSet read(Path file) {
        try {
            return JWKSet.parse(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalStateException("the signing key file cannot be read: " + e, e);
        } catch (ParseException e) {
            // The parser's message may quote the file, which is secret.
            throw new IllegalStateException(file + " is not a JWKS document");
        }
    }
}
