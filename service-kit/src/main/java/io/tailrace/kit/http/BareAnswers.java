package io.tailrace.kit.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Answers that end a connection outside of any request, made without Micronaut. The caller releases them by writing. */
final class BareAnswers {
    private BareAnswers() {}

    /** For the HTTP codec to encode. */
    static DefaultFullHttpResponse requestTimeout() {
        ByteBuf body = Unpooled.wrappedBuffer(Json.write(Problem.of(ProblemType.REQUEST_TIMEOUT, null)));
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.REQUEST_TIMEOUT, body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return response;
    }

    /** Encoded already: before its first request a connection's codec does not take an answer. */
    static ByteBuf tooManyConnections(Duration retryAfter) {
        byte[] body = Json.write(Problem.of(ProblemType.TOO_MANY_CONNECTIONS, null));
        String head = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: " + Problem.MEDIA_TYPE + "\r\ncontent-length: "
                + body.length + "\r\nretry-after: " + Math.max(1, retryAfter.toSeconds())
                + "\r\nconnection: close\r\n\r\n";
        return Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), body);
    }
}
