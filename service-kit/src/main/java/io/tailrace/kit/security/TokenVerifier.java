package io.tailrace.kit.security;

import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.micronaut.security.token.jwt.validator.JsonWebTokenParser;
import io.micronaut.security.token.jwt.validator.JsonWebTokenValidator;
import io.tailrace.kit.security.Verification.Invalid;
import io.tailrace.kit.security.Verification.Reason;
import io.tailrace.kit.security.Verification.Valid;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a token (RFC 7519, signed by RFC 7515) is to be trusted, by the public keys alone. The validator of
 * micronaut-security-jwt decides, with {@link KeySetSignature} and {@link ClaimsValidator}; this adds the memory of good tokens,
 * the reading of new keys and the reason of a refusal. HTTP requests and the edge's streams use the same bean. Thread-safe; never
 * blocks. The first look at a token costs some tenths of a millisecond of CPU, see {@link VerifiedTokens} for the next ones.
 */
public final class TokenVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);

    private final KeyRing keyRing;
    private final TokenSettings settings;
    private final JsonWebTokenValidator<JWT, Object> validator;
    private final JsonWebTokenParser<JWT> parser;
    private final VerifiedTokens verified;
    private final SecurityMeters meters;
    private volatile Predicate<String> erased = subject -> false;
    private volatile ApiKeyJudge apiKeys = text -> null;

    TokenVerifier(
            KeyRing keyRing,
            TokenSettings settings,
            JsonWebTokenValidator<JWT, Object> validator,
            JsonWebTokenParser<JWT> parser,
            VerifiedTokens verified,
            SecurityMeters meters) {
        this.keyRing = keyRing;
        this.settings = settings;
        this.validator = validator;
        this.parser = parser;
        this.verified = verified;
        this.meters = meters;
    }

    /**
     * Verifies with the keys at hand. If the token names an unknown key, a reading of the keys is started in the
     * background; a caller that can wait for it uses {@link #verifyOrRefresh}.
     */
    public Verification verify(String jwt) {
        Verification ofKey = apiKeys.judge(jwt);
        if (ofKey != null) {
            return counted(ofKey);
        }
        Verification verification = counted(verify(jwt, keyRing.current()));
        if (isForWantOfKeys(verification)) {
            var unused = keyRing.refresh();
        }
        return verification;
    }

    /**
     * Verifies a token. If its key is unknown, the keys are read again, and the token is verified a second time if they have
     * changed. Completes at once unless it waits for the keys, and then on another thread. Never completes exceptionally.
     */
    public CompletionStage<Verification> verifyOrRefresh(String jwt) {
        Verification ofKey = apiKeys.judge(jwt);
        if (ofKey != null) {
            return CompletableFuture.completedFuture(counted(ofKey));
        }
        KeySet before = keyRing.current();
        Verification first = verify(jwt, before);
        return isForWantOfKeys(first)
                ? keyRing.refresh().thenApply(keys -> counted(keys == before ? first : verify(jwt, keys)))
                : CompletableFuture.completedFuture(counted(first));
    }

    /**
     * Whether a token that was good is void by now, because its bearer was erased or because it is an API key that was
     * revoked. Whoever looks up by these events what they have noted asks this once after noting it, or would miss what came
     * between the verification and the note. It says nothing about the token's end.
     *
     * @param subject the bearer, as the token's verification has said
     */
    public boolean isVoid(String token, @Nullable String subject) {
        return erased.test(String.valueOf(subject))
                || (apiKeys.judge(token) instanceof Invalid(Reason reason) && reason == Reason.UNKNOWN_API_KEY);
    }

    /** Refuses tokens of bearers who were erased, however good they are. */
    void refuseBearers(Predicate<String> erased) {
        this.erased = erased;
    }

    /** Has API keys, which are good wherever tokens are, judged by somebody who knows them. */
    public void acceptKeys(ApiKeyJudge judge) {
        this.apiKeys = judge;
    }

    private Verification counted(Verification verification) {
        Verification outcome = verification instanceof Valid valid
                        && erased.test(String.valueOf(valid.grants().subject()))
                ? new Invalid(Reason.ERASED)
                : verification;
        meters.verified(outcome);
        return outcome;
    }

    private static boolean isForWantOfKeys(Verification verification) {
        return verification instanceof Invalid(Reason reason)
                && (reason == Reason.UNKNOWN_KEY || reason == Reason.KEYS_UNAVAILABLE);
    }

    private Verification verify(String jwt, @Nullable KeySet keys) {
        if (jwt.length() > settings.maxBytes()) {
            return new Invalid(Reason.MALFORMED);
        }
        Valid known = keys == null ? null : verified.find(jwt, keys);
        return known == null ? compute(jwt, keys) : known;
    }

    private Verification compute(String jwt, @Nullable KeySet keys) {
        Verification verification;
        try {
            verification =
                    Examination.run(keys, () -> validator.validate(jwt, null).isPresent());
            if (verification == null) {
                return new Invalid(unsigned(jwt));
            }
        } catch (RuntimeException e) {
            // The parser of the library has other exceptions than its own for some texts.
            LOG.debug("A token could not be validated", e);
            return new Invalid(Reason.MALFORMED);
        }
        if (keys != null && verification instanceof Valid valid) {
            verified.put(jwt, keys, valid);
        }
        return verification;
    }

    /** What is wrong with a token that was refused and whose signature was not what was wrong. */
    private Reason unsigned(String jwt) {
        return parser.parse(jwt)
                .map(parsed -> switch (parsed) {
                    case PlainJWT ignored -> Reason.UNSIGNED;
                    // It has no claims that could be read.
                    case SignedJWT ignored -> Reason.BAD_CLAIMS;
                    default -> Reason.UNSUPPORTED_ALGORITHM;
                })
                .orElse(Reason.MALFORMED);
    }
}
