package io.tailrace.workers.answer;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What is logged, at every level. */
final class LogLines {
    private LogLines() {}

    /** What a test does. */
    interface Action {
        void run() throws Exception;
    }

    /** The lines of Tailrace while something is done. */
    static List<String> during(Action action) throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger("io.tailrace");
        Level before = log.getLevel();
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.list = new CopyOnWriteArrayList<>();
        lines.start();
        log.addAppender(lines);
        log.setLevel(Level.TRACE);
        try {
            action.run();
        } finally {
            log.setLevel(before);
            log.detachAppender(lines);
        }
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
