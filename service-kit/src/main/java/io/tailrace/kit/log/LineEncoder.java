package io.tailrace.kit.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import java.util.Locale;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.fieldnames.LogstashFieldNames;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Makes the lines of a log: text, or JSON objects of one line each with {@code timestamp}, {@code level}, {@code logger},
 * {@code thread}, {@code message}, {@code service}, what the MDC and the statement itself add ({@code trace_id}, {@code
 * span_id}, {@code connection_id}), and {@code exception}. A logback configuration names it as an {@code <encoder>} and
 * gives it the {@code <format>}. Thread-safe as logback's own encoders are: one line at a time.
 */
public final class LineEncoder extends EncoderBase<ILoggingEvent> {
    /** The field that says which service wrote a line, and the property of logback's context that it is taken from. */
    private static final String SERVICE = "service";

    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSX, UTC} %-5level [%thread] %logger{0}: %msg%n%ex";

    private String format = "text";
    private @Nullable Encoder<ILoggingEvent> lines;

    /** Sets the form: {@code text} or {@code json}. */
    public void setFormat(String format) {
        this.format = format.strip().toLowerCase(Locale.ROOT);
    }

    /** Says which service writes from now on, in every log of this JVM. Without logback it does nothing. */
    public static void nameService(String service) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.putProperty(SERVICE, service);
        }
    }

    @Override
    public void start() {
        Encoder<ILoggingEvent> chosen =
                switch (format) {
                    case "json" -> json();
                    case "text", "" -> text();
                    default -> {
                        addError("TAILRACE_LOG_FORMAT is \"" + format + "\", expected text or json; it is text now");
                        yield text();
                    }
                };
        chosen.setContext(context);
        chosen.start();
        lines = chosen;
        super.start();
    }

    @Override
    public void stop() {
        super.stop();
        chosen().stop();
    }

    @Override
    public byte @Nullable [] headerBytes() {
        return chosen().headerBytes();
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        return chosen().encode(event);
    }

    @Override
    public byte @Nullable [] footerBytes() {
        return chosen().footerBytes();
    }

    private Encoder<ILoggingEvent> chosen() {
        Encoder<ILoggingEvent> started = lines;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    private static Encoder<ILoggingEvent> text() {
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setPattern(PATTERN);
        return text;
    }

    private static Encoder<ILoggingEvent> json() {
        LogstashFieldNames names = new LogstashFieldNames();
        names.setTimestamp("timestamp");
        names.setLogger("logger");
        names.setThread("thread");
        names.setStackTrace("exception");
        // The level has a name, and the version of a form that nobody else reads says nothing.
        names.setLevelValue(LogstashFieldNames.IGNORE_FIELD_INDICATOR);
        names.setVersion(LogstashFieldNames.IGNORE_FIELD_INDICATOR);
        LogstashEncoder json = new LogstashEncoder();
        json.setFieldNames(names);
        json.setTimeZone("UTC");
        return json;
    }
}
