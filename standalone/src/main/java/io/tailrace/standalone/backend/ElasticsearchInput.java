package io.tailrace.standalone.backend;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What an Elasticsearch 8.19 server reads from its standard input before it starts: {@code
 * org.elasticsearch.bootstrap.ServerArgs}, in the encoding of {@code StreamOutput}.
 *
 * @param settings the node's settings
 * @param config the folder of its configuration
 * @param logs the folder of its logs
 */
record ElasticsearchInput(Map<String, String> settings, Path config, Path logs) {
    private static final int KEYSTORE_FORMAT = 7;
    private static final int GENERIC_STRING = 0;

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        bool(out); // daemonize
        bool(out); // quiet
        bool(out); // no pid file
        emptyKeystore(out);
        varint(out, settings.size());
        settings.forEach((name, value) -> {
            string(out, name);
            out.write(GENERIC_STRING);
            string(out, value);
        });
        string(out, config.toString());
        string(out, logs.toString());
        return out.toByteArray();
    }

    private static void emptyKeystore(ByteArrayOutputStream out) {
        string(out, "org.elasticsearch.common.settings.KeyStoreWrapper");
        out.writeBytes(new byte[] {0, 0, 0, KEYSTORE_FORMAT});
        bool(out); // has a password
        bool(out); // no data
        varint(out, 0); // entries
        bool(out); // closed
    }

    private static void bool(ByteArrayOutputStream out) {
        out.write(0);
    }

    /** The length in UTF-16 units, then each of them in one to three bytes, a surrogate like any other. */
    private static void string(ByteArrayOutputStream out, String text) {
        varint(out, text.length());
        for (char unit : text.toCharArray()) {
            if (unit <= 0x7f) {
                out.write(unit);
            } else if (unit <= 0x7ff) {
                out.write(0xc0 | unit >> 6);
                out.write(0x80 | unit & 0x3f);
            } else {
                out.write(0xe0 | unit >> 12);
                out.write(0x80 | unit >> 6 & 0x3f);
                out.write(0x80 | unit & 0x3f);
            }
        }
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
