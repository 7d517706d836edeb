package io.tailrace.kit.job.runtime;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes to the log of the process with the job's id in front, and its type as the logger; and beside the job, there from the level info on,
 * whatever the process writes. Thread-safe.
 */
final class JobLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    private final transient Logger target;
    private final transient LogBuffer kept;
    private final transient InstantSource clock;
    private final String prefix;

    JobLogger(String type, UUID job, LogBuffer kept, InstantSource clock) {
        this.kept = kept;
        this.clock = clock;
        this.name = "job." + type;
        this.target = LoggerFactory.getLogger(name);
        this.prefix = "job " + job + ": ";
    }

    @Override
    public boolean isTraceEnabled() {
        return target.isTraceEnabled();
    }

    @Override
    public boolean isDebugEnabled() {
        return target.isDebugEnabled();
    }

    @Override
    public boolean isInfoEnabled() {
        return true;
    }

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String message,
            Object @Nullable [] arguments,
            @Nullable Throwable cause) {
        LoggingEventBuilder line = target.atLevel(level);
        if (cause != null) {
            line = line.setCause(cause);
        }
        kept.add(clock.instant(), level.name().toLowerCase(Locale.ROOT), text(message, arguments, cause));
        // The prefix has no braces, so the arguments keep their places.
        line.log(prefix + message, arguments == null ? new Object[0] : arguments);
    }

    private static String text(@Nullable String message, Object @Nullable [] arguments, @Nullable Throwable cause) {
        String text = String.valueOf(MessageFormatter.basicArrayFormat(message, arguments));
        if (cause == null) {
            return text;
        }
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        return text + "\n" + trace;
    }
}
