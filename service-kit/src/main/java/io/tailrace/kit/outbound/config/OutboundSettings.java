package io.tailrace.kit.outbound.config;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.tailrace.kit.address.AddressRange;
import io.tailrace.kit.outbound.AddressGuard;
import io.tailrace.kit.outbound.OutboundBounds;
import java.time.Duration;
import java.util.List;

/**
 * Requests to other people's servers. Immutable.
 *
 * @param connectTimeout the longest wait for a TCP connection to one address
 * @param readTimeout the longest silence of a server before its answer counts as lost
 * @param dnsTimeout the longest wait for the addresses of a name
 * @param deadline how long a request may take with all of its attempts and the pauses between them, unless it says otherwise
 * @param attempts how often a request that may be repeated is made at most
 * @param retryFirst the pause before the second attempt; it doubles from there
 * @param retryLongest the longest pause between attempts that is not the server's wish
 * @param maxBodyBytes the most of an answer's body, decompressed; an answer with more fails
 * @param maxCalls attempts at the same time, to all hosts; further ones wait until their deadline
 * @param maxCallsPerHost attempts at the same time to one host; further ones wait until their deadline
 * @param maxHosts hosts whose failures are remembered; of more, those that are used least start anew
 * @param circuitCalls how many of a host's last attempts are looked at
 * @param circuitFailurePercent if so many of them failed, requests to the host fail at once for a while
 * @param circuitPause for how long they do, before one attempt finds out whether the host is well again
 * @param logBodyCharacters how much of a request's body is shown in the log, which has requests at the level DEBUG
 * @param allowedRanges private addresses and ranges (CIDR) that people may name all the same, such as an own network's
 * @param refusedRanges further addresses and ranges that people may not name, such as a NAT64 prefix of one's own
 */
@ConfigurationProperties("tailrace.outbound")
public record OutboundSettings(
        @Bindable(defaultValue = "3s") Duration connectTimeout,
        @Bindable(defaultValue = "10s") Duration readTimeout,
        @Bindable(defaultValue = "5s") Duration dnsTimeout,
        @Bindable(defaultValue = "30s") Duration deadline,
        @Bindable(defaultValue = "3") int attempts,
        @Bindable(defaultValue = "200ms") Duration retryFirst,
        @Bindable(defaultValue = "10s") Duration retryLongest,
        @Bindable(defaultValue = "1048576") int maxBodyBytes,
        @Bindable(defaultValue = "64") int maxCalls,
        @Bindable(defaultValue = "16") int maxCallsPerHost,
        @Bindable(defaultValue = "1000") int maxHosts,
        @Bindable(defaultValue = "20") int circuitCalls,
        @Bindable(defaultValue = "50") int circuitFailurePercent,
        @Bindable(defaultValue = "30s") Duration circuitPause,
        @Bindable(defaultValue = "2000") int logBodyCharacters,
        @Bindable(defaultValue = "") List<String> allowedRanges,
        @Bindable(defaultValue = "") List<String> refusedRanges) {
    /** Checks the ranges. */
    public OutboundSettings {
        allowedRanges = stripped(allowedRanges);
        refusedRanges = stripped(refusedRanges);
        atLeastOne("connect-timeout", connectTimeout.toMillis());
        atLeastOne("read-timeout", readTimeout.toMillis());
        atLeastOne("dns-timeout", dnsTimeout.toMillis());
        atLeastOne("deadline", deadline.toMillis());
        atLeastOne("attempts", attempts);
        atLeastOne("retry-first", retryFirst.toMillis());
        atLeastOne("max-body-bytes", maxBodyBytes);
        atLeastOne("max-calls", maxCalls);
        atLeastOne("max-calls-per-host", maxCallsPerHost);
        atLeastOne("max-hosts", maxHosts);
        atLeastOne("circuit-calls", circuitCalls);
        atLeastOne("circuit-pause", circuitPause.toMillis());
        atLeastOne("log-body-characters", logBodyCharacters);
        if (retryLongest.compareTo(retryFirst) < 0) {
            throw new IllegalArgumentException("tailrace.outbound.retry-longest: " + retryLongest
                    + ", expected at least tailrace.outbound.retry-first, " + retryFirst);
        }
        if (circuitFailurePercent < 1 || circuitFailurePercent > 100) {
            throw new IllegalArgumentException(
                    "tailrace.outbound.circuit-failure-percent: " + circuitFailurePercent + ", expected 1 to 100");
        }
        // For the error of a range that is none, at the start.
        var unused = guard(allowedRanges, refusedRanges);
    }

    /** The bounds among them. */
    OutboundBounds bounds() {
        return new OutboundBounds(
                connectTimeout,
                readTimeout,
                dnsTimeout,
                deadline,
                attempts,
                retryFirst,
                retryLongest,
                maxBodyBytes,
                maxCalls,
                maxCallsPerHost,
                maxHosts,
                circuitCalls,
                circuitFailurePercent,
                circuitPause,
                logBodyCharacters);
    }

    /** The guard with the exceptions among them. */
    AddressGuard guard() {
        return guard(allowedRanges, refusedRanges);
    }

    private static AddressGuard guard(List<String> allowed, List<String> refused) {
        return new AddressGuard(ranges("allowed-ranges", allowed), ranges("refused-ranges", refused));
    }

    private static List<AddressRange> ranges(String name, List<String> texts) {
        return texts.stream()
                .map(text -> AddressRange.parse("tailrace.outbound." + name, text))
                .toList();
    }

    private static List<String> stripped(List<String> texts) {
        return texts.stream().map(String::strip).filter(text -> !text.isEmpty()).toList();
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("tailrace.outbound." + name + ": " + value + ", expected at least 1");
        }
    }
}
