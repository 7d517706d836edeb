package io.tailrace.kit.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.tailrace.contracts.access.AccessRules;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.kit.http.HttpSettings;
import io.tailrace.kit.kafka.KafkaSettings;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceBootTest {
    private static final Map<String, Object> ANY_PORT = Map.of("tailrace.http.port", -1);

    @Test
    void aLaterFragmentWinsAndBothAreOverTheDefaults() {
        try (ApplicationContext context = start(List.of("first.yml", "second.yml"), ANY_PORT)) {
            assertThat(context.getProperty("probe.who", String.class)).contains("second");
            assertThat(context.getProperty("probe.only-first", Boolean.class)).contains(true);
            assertThat(context.getBean(HttpSettings.class).keepAliveTimeout()).isEqualTo(Duration.ofSeconds(33));
            assertThat(context.getBean(HttpSettings.class).headTimeout()).isEqualTo(Duration.ofSeconds(10));
        }
    }

    @Test
    void whatTheCallerSaysWinsOverTheFragmentsAndAnArgumentOverAll() {
        Map<String, Object> extra = Map.of("tailrace.http.port", -1, "probe.who", "extra", "probe.what", "extra");
        try (ApplicationContext context = ServiceBoot.start(
                "boot-test",
                List.of("first.yml"),
                ServiceBootTest.class,
                new String[] {"-probe.what=argument"},
                extra)) {
            assertThat(context.getProperty("probe.who", String.class)).contains("extra");
            assertThat(context.getProperty("probe.what", String.class)).contains("argument");
        }
    }

    @Test
    void aMissingFragmentIsNamed() {
        assertThatThrownBy(() -> start(List.of("none.yml"), ANY_PORT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("configuration none.yml is not on the class path");
    }

    @Test
    void aSettingUnderItsFormerNameIsRefusedWithTheNewOne() {
        Map<String, Object> former = Map.of("tailrace.http.port", -1, "tailrace.workers.group-prefix", "second-");

        assertThatThrownBy(() -> start(List.of(), former)).satisfies(fault -> assertThat(ServiceBoot.reason(fault))
                .contains(
                        "tailrace.workers.group-prefix: this setting is named tailrace.projections.group-prefix now"));
    }

    @Test
    void aTakenPortIsNamedInOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
            Map<String, Object> port = Map.of("tailrace.http.port", taken.getLocalPort());

            assertThatThrownBy(() -> start(List.of(), port)).satisfies(fault -> assertThat(ServiceBoot.reason(fault))
                    .startsWith("the address is in use; set TAILRACE_HTTP_PORT to a free port"));
        }
    }

    @Test
    void theServerIsGoneWhenTheContextIsClosed() {
        ApplicationContext context = start(List.of(), ANY_PORT);
        int port = context.getBean(EmbeddedServer.class).getPort();

        context.close();

        assertThatThrownBy(() -> new Socket("127.0.0.1", port).close()).isInstanceOf(IOException.class);
    }

    @Test
    void theNamespacesAreBuiltInUnlessAFileReplacesThem(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("namespaces.properties");
        Files.writeString(
                file,
                """
                own.number=9
                own.partitions=1
                own.retention=P1D
                own.subscribe=public
                own.publish=none
                own.start=live
                """);
        try (ApplicationContext builtIn = start(List.of(), ANY_PORT);
                ApplicationContext replaced = start(
                        List.of(), Map.of("tailrace.http.port", -1, "tailrace.namespaces-file", file.toString()))) {
            assertThat(builtIn.getBean(Namespaces.class).all())
                    .extracting(namespace -> namespace.name())
                    .contains("feed", "metrics");
            assertThat(builtIn.containsBean(AccessRules.class)).isTrue();
            assertThat(replaced.getBean(Namespaces.class).all())
                    .extracting(namespace -> namespace.name())
                    .containsExactly("own");
        }
    }

    @Test
    void theLogsClientsTakeFurtherPropertiesFromAFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("client.properties");
        Files.writeString(file, "security.protocol=SSL\nacks=0\nbootstrap.servers=elsewhere:1\n");
        try (ApplicationContext context = start(
                List.of(),
                Map.of(
                        "tailrace.http.port",
                        -1,
                        "tailrace.kafka.bootstrap",
                        "broker:9",
                        "tailrace.kafka.properties-file",
                        file.toString()))) {
            KafkaSettings settings = context.getBean(KafkaSettings.class);

            assertThat(settings.producer("p"))
                    .containsEntry("security.protocol", "SSL")
                    .containsEntry("bootstrap.servers", "broker:9")
                    .containsEntry("acks", "all");
            assertThat(settings.consumer("c")).containsEntry("isolation.level", "read_committed");
            assertThat(settings.admin("a")).containsEntry("client.id", "a");
        }
    }

    private static ApplicationContext start(List<String> fragments, Map<String, Object> extra) {
        return ServiceBoot.start("boot-test", fragments, ServiceBootTest.class, new String[0], extra);
    }
}
