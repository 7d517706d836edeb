package io.tailrace.edge.control;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.security.annotation.Secured;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The namespaces that this edge knows: what the file says that all services read. */
@Controller("/admin/namespaces")
@Secured("admin")
final class AdminNamespaces {
    private final NamespaceList list;

    AdminNamespaces(Namespaces namespaces, NodeName node) {
        this.list = new NamespaceList(
                node.text(),
                namespaces.all().stream()
                        .sorted(Comparator.comparing(Namespace::name))
                        .map(NamespaceView::of)
                        .toList());
    }

    /**
     * All namespaces by name. There are 127 at most.
     *
     * @param node the edge that has read the file
     * @param namespaces the namespaces
     */
    @Introspected
    record NamespaceList(String node, List<NamespaceView> namespaces) {}

    /**
     * A namespace; see {@link Namespace} for what each says.
     *
     * @param retentionSeconds how long its topic keeps an event, in seconds
     * @param subscribe {@code public}, {@code authenticated}, {@code owner}, {@code grant} or {@code none}
     * @param start {@code live}, {@code earliest} or {@code last:N}
     */
    @Introspected
    record NamespaceView(
            String name,
            int partitions,
            long retentionSeconds,
            String subscribe,
            String publish,
            String nestedSubscribe,
            String nestedPublish,
            String start,
            boolean latestOnly) {
        static NamespaceView of(Namespace namespace) {
            return new NamespaceView(
                    namespace.name(),
                    namespace.partitions(),
                    namespace.retention().toSeconds(),
                    word(namespace.subscribe()),
                    word(namespace.publish()),
                    word(namespace.nestedSubscribe()),
                    word(namespace.nestedPublish()),
                    namespace.start().toString(),
                    namespace.latestOnly());
        }

        private static String word(Namespace.Audience audience) {
            return audience.name().toLowerCase(Locale.ROOT);
        }
    }

    @Get
    HttpResponse<NamespaceList> namespaces() {
        return HttpResponse.ok(list).header("Cache-Control", "no-store");
    }
}
