package io.tailrace.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.kit.http.PageOrigin.Compared;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageOriginTest {
    private static final String SHOP = "https://shop.example";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // The shortest nginx: Host is the upstream's. The browser has compared.
                "https://shop.example | same-origin | 127.0.0.1:8080 | true",
                "https://shop.example | cross-site  | shop.example   | false",
                // Of the same site is the same host at another port, and any host beside it.
                "https://shop.example | same-site   | shop.example   | true",
                "https://evil.example | same-site   | shop.example   | false",
                "https://evil.example | none        | shop.example   | false",
                "https://evil.example | SAME-ORIGIN | shop.example   | false",
                "https://evil.example | -           | shop.example   | false",
                "https://shop.example | -           | SHOP.example   | true",
                "null                 | -           | shop.example   | false",
                "http://[             | -           | shop.example   | false",
            })
    void theBrowsersOwnWordComesFirstThenTheHost(String origin, String fetchSite, String host, boolean own) {
        assertThat(page(origin, fetchSite, host, Map.of(), false).isOwn(Compared.HOST))
                .isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.example, shop.example, true",
        "https://shop.example, shop.example:443, true",
        "http://shop.example, shop.example:80, true",
        "https://shop.example:8443, shop.example:8443, true",
        "https://shop.example:8443, shop.example, false",
        "https://shop.example, shop.example:8443, false",
    })
    void aPortCanBeComparedToo(String origin, String host, boolean own) {
        assertThat(page(origin, null, host, Map.of(), false).isOwn(Compared.HOST_AND_PORT))
                .isEqualTo(own);
        assertThat(page(origin, null, host, Map.of(), false).isOwn(Compared.HOST))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Forwarded-Host | shop.example",
                "X-Forwarded-Host | shop.example, inner.example",
                "X-Forwarded-Host | shop.example:443",
                "Forwarded | for=192.0.2.1;Host=\"shop.example\";proto=https",
                "Forwarded | host=shop.example, host=inner.example",
            })
    void whatATrustedProxyForwardsIsBelievedAndNobodyElse(String header, String value) {
        Map<String, String> more = Map.of(header, value);
        assertThat(page(SHOP, null, "127.0.0.1:8080", more, true).isOwn(Compared.HOST_AND_PORT))
                .isTrue();
        assertThat(page(SHOP, null, "127.0.0.1:8080", more, false).isOwn(Compared.HOST))
                .isFalse();
        assertThat(page("https://evil.example", null, "127.0.0.1:8080", more, true)
                        .isOwn(Compared.HOST))
                .isFalse();
    }

    @Test
    void whoSendsNoOriginIsNoPage() {
        assertThat(PageOrigin.of(name -> null, false)).isNull();
    }

    private static PageOrigin page(
            String origin,
            @org.jspecify.annotations.Nullable String fetchSite,
            String host,
            Map<String, String> more,
            boolean trusted) {
        Map<String, String> headers = new HashMap<>(more);
        headers.put("Origin", origin);
        headers.put("Host", host);
        if (fetchSite != null) {
            headers.put("Sec-Fetch-Site", fetchSite);
        }
        return Objects.requireNonNull(PageOrigin.of(headers::get, trusted));
    }
}
