package io.tailrace.kit.http;

import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;

/** Refuses targets that are not sound, before anybody decodes them; Netty would put replacement characters instead. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class SoundTargets implements Ordered {
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 2;
    }

    @RequestFilter
    void check(HttpRequest<?> request) {
        if (!RequestTarget.isSound(request.getUri().toString())) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST, "The URI has an escape that is not UTF-8, or a NUL character.");
        }
    }
}
