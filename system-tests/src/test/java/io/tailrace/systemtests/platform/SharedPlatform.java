package io.tailrace.systemtests.platform;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a parameter of type {@link Platform}: everything that {@code up} starts, once for all test classes that only
 * use it and leave it as it is. It is stopped at the end of the run.
 */
public final class SharedPlatform implements ParameterResolver {
    /** Types of jobs that nobody runs but tests, some of them over HTTP: those that ship with Tailrace are run by its own workers. */
    private static final String JOB_TYPES =
            """
            played.queue=maintenance
            js.resize.queue=default
            js.resize.first_delay_ms=100
            js.fails.queue=default
            js.waits.queue=default
            py.fails.queue=default
            py.resize.queue=default
            py.resize.first_delay_ms=100
            py.waits.queue=default
            """;

    /** What stands behind the at sign of its sender of mail, and so in the ids of its mails. */
    public static final String MAIL_DOMAIN = "tailrace.example";

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SharedPlatform.class);

    private static volatile int mailPort;

    private static volatile @Nullable AnswersStandIn answers;

    /** What answers the questions to its model {@link AnswersStandIn#MODEL}. */
    public static AnswersStandIn answers() {
        return Objects.requireNonNull(answers, "the platform is not up");
    }

    /** Where it delivers mail, on the loopback interface; a test that wants it has a server there. */
    public static int mailPort() {
        return mailPort;
    }

    /** Closed by JUnit with its root context. */
    private record Running(Platform platform) implements ExtensionContext.Store.CloseableResource {
        @Override
        public void close() throws Exception {
            try {
                platform.close();
            } finally {
                answers().close();
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Platform.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent("platform", key -> start(), Running.class)
                .platform();
    }

    private static Running start() {
        try {
            mailPort = Ports.free();
            Path target =
                    Files.createDirectories(Path.of("target", "platforms")).toAbsolutePath();
            Path types = Files.writeString(Files.createTempFile(target, "job-types", ".properties"), JOB_TYPES);
            AnswersStandIn standIn = new AnswersStandIn();
            answers = standIn;
            Path providers =
                    Files.writeString(Files.createTempFile(target, "providers", ".properties"), standIn.providers());
            Map<String, String> environment = Map.of(
                    "TAILRACE_ANSWERS_PROVIDERS_FILE",
                    providers.toString(),
                    "TAILRACE_JOB_TYPES_FILE",
                    types.toString(),
                    "TAILRACE_DISPATCHER_JOBS_LEASE",
                    "10s",
                    "TAILRACE_SMTP_HOST",
                    "127.0.0.1",
                    "TAILRACE_SMTP_PORT",
                    String.valueOf(mailPort),
                    "TAILRACE_SMTP_SECURITY",
                    "off",
                    "TAILRACE_SMTP_FROM",
                    "sender@" + MAIL_DOMAIN);
            return new Running(Platform.up(new Launcher(DataFolders.create("data"), environment)));
        } catch (Exception e) {
            throw new IllegalStateException("the platform did not start", e);
        }
    }
}
