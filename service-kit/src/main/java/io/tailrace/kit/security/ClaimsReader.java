package io.tailrace.kit.security;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tailrace.contracts.access.Grants;
import io.tailrace.contracts.channel.ChannelPattern;
import io.tailrace.kit.security.Verification.Invalid;
import io.tailrace.kit.security.Verification.Reason;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the claims of a token whose signature is right. Pure, given the clock. */
final class ClaimsReader {
    private static final int MAX_SUBJECT_LENGTH = 128;
    private static final String CHANNELS = "channels";

    private final TokenSettings settings;
    private final InstantSource clock;

    ClaimsReader(TokenSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    Verification read(SignedJWT token) {
        try {
            JWTClaimsSet claims = token.getJWTClaimsSet();
            return claims == null ? new Invalid(Reason.BAD_CLAIMS) : read(claims);
        } catch (ParseException | IllegalArgumentException e) {
            return new Invalid(Reason.BAD_CLAIMS);
        }
    }

    private Verification read(JWTClaimsSet claims) throws ParseException {
        if (!settings.issuer().equals(claims.getIssuer())) {
            return new Invalid(Reason.WRONG_ISSUER);
        }
        if (claims.getExpirationTime() == null) {
            return new Invalid(Reason.BAD_CLAIMS);
        }
        Instant now = clock.instant();
        Instant expiresAt = claims.getExpirationTime().toInstant();
        if (!now.isBefore(expiresAt)) {
            return new Invalid(Reason.EXPIRED);
        }
        if (claims.getNotBeforeTime() != null
                && claims.getNotBeforeTime().toInstant().isAfter(now.plus(settings.clockSkew()))) {
            return new Invalid(Reason.NOT_YET_VALID);
        }
        String subject = claims.getSubject();
        if (subject == null || !isSubject(subject)) {
            return new Invalid(Reason.BAD_CLAIMS);
        }
        Grants grants = new Grants(
                subject,
                Set.copyOf(strings(claims.getClaim("roles"))),
                patterns(claims, "subscribe"),
                patterns(claims, "publish"));
        return new Verification.Valid(grants, expiresAt, claims.getJWTID());
    }

    private static boolean isSubject(String subject) {
        return !subject.isBlank()
                && subject.length() <= MAX_SUBJECT_LENGTH
                && subject.chars().noneMatch(Character::isISOControl);
    }

    private static List<ChannelPattern> patterns(JWTClaimsSet claims, String kind) throws ParseException {
        Object channels = claims.getClaim(CHANNELS);
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
