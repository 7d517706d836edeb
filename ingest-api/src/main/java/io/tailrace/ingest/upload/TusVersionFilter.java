package io.tailrace.ingest.upload;

import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;

/** Every answer of the resumable uploads says the version of tus, also one that comes from somewhere else in the service. Thread-safe. */
@ServerFilter("/uploads/resumable/**")
final class TusVersionFilter {
    @ResponseFilter
    void tell(MutableHttpResponse<?> response) {
        response.getHeaders().set(TusHeaders.RESUMABLE, TusHeaders.VERSION);
    }
}
