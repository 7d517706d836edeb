package io.tailrace.kit.http;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Which versions of HTTP a request in the syntax of HTTP/1 may name. Answers are written in the version that the request has,
 * so without this a client could have one of HTTP/0.9, or of 7.3. Pure.
 */
final class RequestVersion {
    private RequestVersion() {}

    /**
     * Leaves HTTP/1.0 and 1.1 as they are, takes a later minor version for the latest one that there is (RFC 9110, section
     * 2.5), and marks any other as malformed, which is answered 400.
     */
    static void check(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        if (version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0)) {
            return;
        }
        boolean later = version.protocolName().equals("HTTP") && version.majorVersion() == 1;
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
        if (!later && request.decoderResult().isSuccess()) {
            request.setDecoderResult(
                    DecoderResult.failure(new IllegalArgumentException(version + ", expected HTTP/1.0 or HTTP/1.1")));
        }
    }
}
