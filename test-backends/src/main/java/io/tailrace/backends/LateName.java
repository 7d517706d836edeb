package io.tailrace.backends;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.net.spi.InetAddressResolverProvider;
import java.security.Security;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The name of a host that does not resolve until a test says so: this machine's own from then on. For the JVM that the test
 * runs in. Thread-safe.
 */
public final class LateName {
    private static final String SUFFIX = ".late.invalid";
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Set<String> KNOWN = ConcurrentHashMap.newKeySet();

    private final String host = "host" + COUNT.incrementAndGet() + SUFFIX;

    /** The name. */
    public String host() {
        return host;
    }

    /** The servers of {@code bootstrap}, by this name. */
    public String of(String bootstrap) {
        return bootstrap.replaceAll("[^,:]+:", host + ":");
    }

    /** It resolves from now on. */
    public void appear() {
        KNOWN.add(host);
    }

    /** It does not resolve any more. */
    public void vanish() {
        KNOWN.remove(host);
    }

    /** Loaded by the JDK; asks the JDK's own for all other names. */
    public static final class Provider extends InetAddressResolverProvider {
        /** Used by the JDK. */
        public Provider() {
            // Else a name that has appeared is unknown for ten more seconds.
            Security.setProperty("networkaddress.cache.negative.ttl", "0");
            Security.setProperty("networkaddress.cache.ttl", "0");
        }

        @Override
        public InetAddressResolver get(Configuration configuration) {
            return new Resolver(configuration.builtinResolver());
        }

        @Override
        public String name() {
            return "names of tests";
        }
    }

    private record Resolver(InetAddressResolver builtIn) implements InetAddressResolver {
        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
            if (!host.endsWith(SUFFIX)) {
                return builtIn.lookupByName(host, policy);
            }
            if (!KNOWN.contains(host)) {
                throw new UnknownHostException(host);
            }
            return Stream.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            return builtIn.lookupByAddress(address);
        }
    }
}
