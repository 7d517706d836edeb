package io.tailrace.workers.runtime;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.spi.LoggingEventBuilder;

/** Writes to the log of the process with the job's id in front, and its type as the logger. Thread-safe. */
final class JobLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    private final transient Logger target;
    private final String prefix;

    JobLogger(String type, UUID job) {
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
        return target.isInfoEnabled();
    }

    @Override
    public boolean isWarnEnabled() {
        return target.isWarnEnabled();
    }

    @Override
    public boolean isErrorEnabled() {
        return target.isErrorEnabled();
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
        // The prefix has no braces, so the arguments keep their places.
        line.log(prefix + message, arguments == null ? new Object[0] : arguments);
    }
}
