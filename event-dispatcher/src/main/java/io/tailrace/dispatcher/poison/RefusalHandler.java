package io.tailrace.dispatcher.poison;

import io.tailrace.contracts.event.Event;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when the broker does not take a derived record (KIP-210): a passing fault is tried again; a record that
 * it will never take is remembered in {@link RefusedEvents}, and the transaction fails and is done again without it.
 *
 * <p>Streams makes one for each task; the memory is shared.
 */
public final class RefusalHandler implements ProductionExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalHandler.class);

    private RefusedEvents refused = new RefusedEvents();

    @Override
    public void configure(Map<String, ?> configs) {
        refused = RefusedEvents.from(configs);
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        if (exception instanceof RetriableException) {
            return Response.retry();
        }
        @Nullable Header id = record.headers().lastHeader(Event.HEADER_ID);
        if (isFaultOfRecord(exception) && id != null && id.value() != null) {
            String eventId = new String(id.value(), StandardCharsets.UTF_8);
            LOG.error("{} refused event {}; it becomes a dead letter", record.topic(), eventId, exception);
            refused.refuse(eventId, record.topic() + " refused it: " + exception);
        }
        return Response.fail();
    }

    private static boolean isFaultOfRecord(Exception exception) {
        return exception instanceof RecordTooLargeException
                || exception instanceof RecordBatchTooLargeException
                || exception instanceof InvalidRecordException;
    }
}
