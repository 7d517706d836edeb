package io.tailrace.kit.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.Dns;

/**
 * Leaves out of a name's addresses those that the guard refuses. {@link GuardedSockets} looks at the address again that is
 * connected to, so an answer of the name server that changes in between gains nothing. Thread-safe; blocks.
 */
final class GuardedDns implements Dns {
    private final Dns names;
    private final AddressGuard guard;

    GuardedDns(Dns names, AddressGuard guard) {
        this.names = names;
        this.guard = guard;
    }

    /**
     * The addresses that may be connected to.
     *
     * @throws RefusedAddress if there are addresses, and none of them is allowed
     */
    @Override
    public List<InetAddress> lookup(String host) throws UnknownHostException {
        List<InetAddress> found = names.lookup(host);
        List<InetAddress> allowed = new ArrayList<>();
        for (InetAddress address : found) {
            Optional<String> refusal = guard.refusal(address);
            if (refusal.isEmpty()) {
                allowed.add(address);
            } else if (found.size() == 1) {
                throw AddressGuard.refusing(host, address, refusal.get());
            }
        }
        if (allowed.isEmpty() && !found.isEmpty()) {
            throw new RefusedAddress(host + ": all of its " + found.size() + " addresses are refused");
        }
        return allowed;
    }
}
