package io.tailrace.standalone.command;

import io.tailrace.standalone.Fault;
import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.token.SigningKey;
import io.tailrace.standalone.token.TokenIssuer;
import io.tailrace.standalone.token.TokenRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./tailrace token}. */
@Command(name = "token", description = "Prints a signed token and nothing else.", mixinStandardHelpOptions = true)
final class Token implements Callable<Integer> {
    private static final Pattern LIFETIME = Pattern.compile("([0-9]{1,9})([smhd])");

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--sub", required = true, paramLabel = "NAME", description = "The subject of the token.")
    private String subject = "";

    @Option(names = "--role", paramLabel = "ROLE", description = "A role, for example organizer.")
    private List<String> roles = List.of();

    @Option(
            names = "--subscribe",
            paramLabel = "PATTERN",
            description = "Channels to subscribe to, such as logs:acme:*.")
    private List<String> subscribe = List.of();

    @Option(names = "--publish", paramLabel = "PATTERN", description = "Channels to publish to.")
    private List<String> publish = List.of();

    @Option(
            names = "--job",
            paramLabel = "PATTERN",
            description = "Types of jobs to enqueue, read and cancel, for example image.*.")
    private List<String> jobs = List.of();

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "The lifetime: a number and s, m, h or d (default 1h).")
    private String lifetime = "1h";

    @Override
    public Integer call() {
        TokenRequest request;
        try {
            request = new TokenRequest(subject, roles, subscribe, publish, jobs, lifetime(lifetime));
        } catch (IllegalArgumentException e) {
            throw new Fault(String.valueOf(e.getMessage()), e);
        }
        DataFolder folder = data.folder();
        folder.open();
        System.out.println(new TokenIssuer(SigningKey.in(folder), InstantSource.system()).issue(request));
        return 0;
    }

    static Duration lifetime(String text) {
        Matcher matcher = LIFETIME.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("--ttl " + text + ": expected a number and s, m, h or d, like 1h");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
