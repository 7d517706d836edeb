package io.tailrace.kit.outbound;

import java.net.UnknownHostException;

/** The guard refused an address. An {@link UnknownHostException} because OkHttp's {@code Dns} may throw nothing else. */
final class RefusedAddress extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    RefusedAddress(String message) {
        super(message);
    }
}
