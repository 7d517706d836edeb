package io.tailrace.kit.outbound;

import java.time.Duration;

/**
 * The bounds of outbound requests. Immutable.
 *
 * @param connectTimeout the longest wait for a TCP connection to one address
 * @param readTimeout the longest silence of a server, in the TLS handshake too, before its answer counts as lost
 * @param dnsTimeout the longest wait for the addresses of a name
 * @param deadline how long a request may take with all of its attempts and the pauses between them, unless it says otherwise
 * @param attempts how often a request that may be repeated is made at most
 * @param retryFirst the pause before the second attempt; it doubles from there
 * @param retryLongest the longest pause that is not the server's wish
 * @param maxBodyBytes the most of an answer's body, decompressed; an answer with more fails
 * @param maxCalls attempts at the same time, to all hosts
 * @param maxCallsPerHost attempts at the same time to one host
 * @param maxHosts hosts whose failures are remembered; of more, those that are used least start anew
 * @param circuitCalls how many of a host's last attempts are looked at
 * @param circuitFailurePercent if so many of them failed, the host is left alone for a while
 * @param circuitPause how long it is left alone before one attempt finds out whether it is well again
 * @param logBodyCharacters how much of a request's body is shown in the log
 */
public record OutboundBounds(
        Duration connectTimeout,
        Duration readTimeout,
        Duration dnsTimeout,
        Duration deadline,
        int attempts,
        Duration retryFirst,
        Duration retryLongest,
        int maxBodyBytes,
        int maxCalls,
        int maxCallsPerHost,
        int maxHosts,
        int circuitCalls,
        int circuitFailurePercent,
        Duration circuitPause,
        int logBodyCharacters) {}
