package io.tailrace.ingest.remotewrite;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.tailrace.kit.problem.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code prometheus.WriteRequest} of remote-write 1.0, as far as it has samples. Metadata, exemplars and histograms are passed over:
 * what is no number has no place in a reading.
 *
 * @param series in the order of the request
 */
record WriteRequest(List<Series> series) {
    /** Five times what Prometheus sends at most unless it is told otherwise: samples, and series. */
    static final int MOST = 10_000;

    /** The labels of one series. */
    static final int MOST_LABELS = 256;

    private static final int TIMESERIES = 1;
    private static final int LABELS = 1;
    private static final int SAMPLES = 2;
    private static final int NAME = 1;
    private static final int TEXT = 2;
    private static final int VALUE = 1;
    private static final int TIMESTAMP = 2;

    /** One series: its labels, and samples of it. */
    record Series(List<Label> labels, List<Sample> samples) {}

    /** A label. */
    record Label(String name, String value) {}

    /**
     * A sample.
     *
     * @param timestampMs in milliseconds since the epoch
     */
    record Sample(double value, long timestampMs) {}

    /**
     * Reads a request. It is counted while it is read: a few bytes of it can be an object in memory.
     *
     * @throws ProblemException 400 if it is none, or has too much
     */
    static WriteRequest read(byte[] bytes) {
        List<Series> series = new ArrayList<>();
        int samples = 0;
        try {
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == length(TIMESERIES)) {
                    int end = in.pushLimit(in.readRawVarint32());
                    Series next = series(in, MOST - samples);
                    in.popLimit(end);
                    requireRoom("series", series.size(), MOST);
                    series.add(next);
                    samples += next.samples().size();
                } else {
                    skip(in, tag);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw ProblemException.invalid("body", "is not a prometheus.WriteRequest: " + e.getMessage());
        }
        return new WriteRequest(series);
    }

    private static void requireRoom(String what, int count, int most) {
        if (count >= most) {
            throw ProblemException.invalid("timeseries", "more than " + most + " " + what);
        }
    }

    /** Reads a series that has at most {@code room} samples. */
    private static Series series(CodedInputStream in, int room) throws IOException {
        List<Label> labels = new ArrayList<>();
        List<Sample> samples = new ArrayList<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == length(LABELS)) {
                int end = in.pushLimit(in.readRawVarint32());
                requireRoom("labels in a series", labels.size(), MOST_LABELS);
                labels.add(label(in));
                in.popLimit(end);
            } else if (tag == length(SAMPLES)) {
                int end = in.pushLimit(in.readRawVarint32());
                if (samples.size() >= room) {
                    throw ProblemException.invalid("timeseries", "more than " + MOST + " samples");
                }
                samples.add(sample(in));
                in.popLimit(end);
            } else {
                skip(in, tag);
            }
        }
        return new Series(labels, samples);
    }

    private static Label label(CodedInputStream in) throws IOException {
        String name = "";
        String value = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == length(NAME)) {
                name = in.readStringRequireUtf8();
            } else if (tag == length(TEXT)) {
                value = in.readStringRequireUtf8();
            } else {
                skip(in, tag);
            }
        }
        return new Label(name, value);
    }

    private static Sample sample(CodedInputStream in) throws IOException {
        double value = 0;
        long timestampMs = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == tag(VALUE, WireFormat.WIRETYPE_FIXED64)) {
                value = in.readDouble();
            } else if (tag == tag(TIMESTAMP, WireFormat.WIRETYPE_VARINT)) {
                timestampMs = in.readInt64();
            } else {
                skip(in, tag);
            }
        }
        return new Sample(value, timestampMs);
    }

    private static void skip(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new IOException("a group ends that has not begun");
        }
    }

    private static int length(int field) {
        return tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    }

    private static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }
}
