package io.tailrace.kit.security;

import io.micronaut.security.token.Claims;
import io.micronaut.security.token.jwt.validator.GenericJwtClaimsValidator;
import io.tailrace.contracts.access.Grants;
import io.tailrace.contracts.channel.ChannelPattern;
import io.tailrace.contracts.job.JobTypePattern;
import io.tailrace.kit.security.Verification.Invalid;
import io.tailrace.kit.security.Verification.Reason;
import io.tailrace.kit.security.Verification.Valid;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claims validator of micronaut-security-jwt: what {@code iss}, {@code exp}, {@code nbf}, {@code sub} and our own claims have
 * to be. It alone decides, the validators of the package are switched off: they know neither the reason of a refusal nor our clock.
 * Thread-safe.
 */
final class ClaimsValidator implements GenericJwtClaimsValidator<Object> {
    private static final int MAX_SUBJECT_LENGTH = 128;
    private static final String CHANNELS = "channels";

    private final TokenSettings settings;
    private final InstantSource clock;

    ClaimsValidator(TokenSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public boolean validate(Claims claims, @Nullable Object request) {
        Verification verification;
        try {
            verification = read(claims);
        } catch (ParseException | IllegalArgumentException e) {
            verification = new Invalid(Reason.BAD_CLAIMS);
        }
        Examination examination = Examination.current();
        if (examination != null) {
            examination.read(verification);
        }
        return verification instanceof Valid;
    }

    private Verification read(Claims claims) throws ParseException {
        if (!(claims.get(Claims.ISSUER) instanceof String issuer) || !issuer.equals(settings.issuer())) {
            return new Invalid(Reason.WRONG_ISSUER);
        }
        if (!(claims.get(Claims.EXPIRATION_TIME) instanceof Date expiration)) {
            return new Invalid(Reason.BAD_CLAIMS);
        }
        Instant now = clock.instant();
        Instant expiresAt = expiration.toInstant();
        if (!now.isBefore(expiresAt)) {
            return new Invalid(Reason.EXPIRED);
        }
        if (claims.get(Claims.NOT_BEFORE) instanceof Date notBefore
                && notBefore.toInstant().isAfter(now.plus(settings.clockSkew()))) {
            return new Invalid(Reason.NOT_YET_VALID);
        }
        if (!(claims.get(Claims.SUBJECT) instanceof String subject) || !isSubject(subject)) {
            return new Invalid(Reason.BAD_CLAIMS);
        }
        Grants grants = new Grants(
                subject,
                Set.copyOf(strings(claims.get("roles"))),
                patterns(claims, "subscribe"),
                patterns(claims, "publish"),
                strings(claims.get("jobs")).stream().map(JobTypePattern::new).toList());
        return new Valid(grants, expiresAt, claims.get(Claims.TOKEN_ID) instanceof String tokenId ? tokenId : null);
    }

    private static boolean isSubject(String subject) {
        return !subject.isBlank()
                && subject.length() <= MAX_SUBJECT_LENGTH
                && subject.chars().noneMatch(Character::isISOControl);
    }

    private static List<ChannelPattern> patterns(Claims claims, String kind) throws ParseException {
        Object channels = claims.get(CHANNELS);
        if (channels == null) {
            return List.of();
        }
        if (!(channels instanceof Map<?, ?> map)) {
            throw new ParseException(CHANNELS + " is not an object", 0);
        }
        return strings(map.get(kind)).stream().map(ChannelPattern::parse).toList();
    }

    private static List<String> strings(@Nullable Object claim) throws ParseException {
        if (claim == null) {
            return List.of();
        }
        if (!(claim instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance)) {
            throw new ParseException("a claim is not a list of strings", 0);
        }
        return list.stream().map(String.class::cast).toList();
    }
}
