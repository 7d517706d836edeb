package io.tailrace.ingest.remotewrite;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.xerial.snappy.Snappy;

/** A request as Prometheus sends it, written by the reference implementations of protobuf and Snappy. For one thread. */
final class SentWrite {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Writes fields of a message. */
    @FunctionalInterface
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    /** Adds a series of one sample; labels are names and values in turn. */
    SentWrite series(double value, long timestampMs, String... labels) {
        bytes.writeBytes(message(out -> {
            out.writeByteArray(1, message(series -> {
                for (int i = 0; i < labels.length; i += 2) {
                    String name = labels[i];
                    String text = labels[i + 1];
                    series.writeByteArray(1, message(label -> {
                        label.writeString(1, name);
                        label.writeString(2, text);
                    }));
                }
                series.writeByteArray(2, message(sample -> {
                    sample.writeDouble(1, value);
                    sample.writeInt64(2, timestampMs);
                }));
                // An exemplar, which is passed over.
                series.writeByteArray(3, message(exemplar -> exemplar.writeDouble(2, 1)));
            }));
            // Metadata, which is passed over.
            out.writeByteArray(3, message(metadata -> metadata.writeString(2, "cpu")));
        }));
        return this;
    }

    /** The message. */
    byte[] protobuf() {
        return bytes.toByteArray();
    }

    /** The body of the request. */
    byte[] body() {
        try {
            return Snappy.compress(protobuf());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] message(Fields fields) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            fields.write(out);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
