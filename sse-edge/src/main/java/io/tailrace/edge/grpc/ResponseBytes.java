package io.tailrace.edge.grpc;

import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A response that is encoded already. gRPC copies it while it is being sent, so the array may be written again after that.
 *
 * @param bytes where it is
 * @param length how much of it
 * @param fault if it is not null, there is no response: the stream is reset at once with this status
 */
record ResponseBytes(byte[] bytes, int length, @Nullable StatusRuntimeException fault) {
    /** What the method's responses are written with. The server reads none. */
    static final Marshaller<ResponseBytes> MARSHALLER = new Marshaller<>() {
        @Override
        public InputStream stream(ResponseBytes response) {
            StatusRuntimeException fault = response.fault;
            if (fault != null) {
                throw fault;
            }
            return new ByteArrayInputStream(response.bytes, 0, response.length);
        }

        @Override
        public ResponseBytes parse(InputStream stream) {
            throw new UnsupportedOperationException("a server does not read its own responses");
        }
    };

    ResponseBytes(byte[] bytes, int length) {
        this(bytes, length, null);
    }

    /**
     * Ends a call that can't be closed, because what was sent before is held up by the client. grpc-java cancels a call, and resets
     * its HTTP/2 stream, when a response can't be written; its API has no other way.
     */
    static ResponseBytes reset(StatusRuntimeException fault) {
        return new ResponseBytes(new byte[0], 0, fault);
    }
}
