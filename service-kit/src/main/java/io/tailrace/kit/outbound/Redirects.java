package io.tailrace.kit.outbound;

import io.tailrace.kit.outbound.OutboundRequest.Header;
import java.util.List;
import java.util.Set;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Decides where an answer leads a request that follows redirects. Pure. */
final class Redirects {
    /** More redirects of one request are refused. */
    static final int MOST = 5;

    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

    private Redirects() {}

    /** What an answer means for the request. */
    sealed interface Step {
        /** It is the answer. */
        record Stay() implements Step {}

        /**
         * The request is made again elsewhere.
         *
         * @param target where
         * @param isSameOrigin whether that has the same scheme, host and port
         */
        record Go(HttpUrl target, boolean isSameOrigin) implements Step {}

        /** It leads where no request of ours goes. */
        record Refuse(String why) implements Step {}
    }

    /**
     * The next step.
     *
     * @param from the URL that was asked
     * @param status of its answer
     * @param location the answer's {@code Location}
     * @param followed how many redirects were followed before
     */
    static Step step(OutboundRequest request, HttpUrl from, int status, @Nullable String location, int followed) {
        if (!request.followsRedirects() || !request.isSafe() || !STATUSES.contains(status)) {
            return new Step.Stay();
        }
        HttpUrl target = location == null ? null : from.resolve(location);
        if (target == null) {
            return new Step.Refuse("a redirect without a http or https address in its Location");
        }
        if (!target.scheme().equals(from.scheme())) {
            return new Step.Refuse("a redirect from " + from.scheme() + " to " + target.scheme());
        }
        if (followed >= MOST) {
            return new Step.Refuse("more than " + MOST + " redirects");
        }
        boolean isSameOrigin = target.host().equals(from.host()) && target.port() == from.port();
        return new Step.Go(target, isSameOrigin);
    }

    /** The headers that another origin may see: those without secrets. */
    static List<Header> forAnotherOrigin(List<Header> headers) {
        return headers.stream().filter(CurlLine::isShown).toList();
    }
}
