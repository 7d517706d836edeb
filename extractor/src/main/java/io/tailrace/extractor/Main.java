package io.tailrace.extractor;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The program: {@code FILE TYPE MAX_PAGES MAX_CHARACTERS MAX_INFLATED_BYTES}. It writes frames to its standard output: first {@code S}; {@code P}, number, how many
 * there will be, length, UTF-8 of a page; at the end {@code E} or {@code F}, length, reason. Numbers have four bytes, the highest first. It ends
 * when its standard input does, because then nobody waits for it any more.
 */
final class Main {
    private Main() {}

    /** Reads one file. */
    public static void main(String[] args) throws IOException {
        endWithCaller();
        refuseConnections();
        DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16));
        // A library that prints something would break the frames.
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        Limits limits = new Limits(Integer.parseInt(args[2]), Long.parseLong(args[3]), Long.parseLong(args[4]));
        out.writeByte('S');
        out.flush();
        try {
            new Extraction(limits).read(Path.of(args[0]), args[1], (number, of, text) -> {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                out.writeByte('P');
                out.writeInt(number);
                out.writeInt(of);
                out.writeInt(utf8.length);
                out.write(utf8);
                out.flush();
            });
            out.writeByte('E');
        } catch (UnreadableFile e) {
            e.printStackTrace();
            byte[] label = e.reason().label().getBytes(StandardCharsets.UTF_8);
            out.writeByte('F');
            out.writeInt(label.length);
            out.write(label);
        }
        out.flush();
        System.exit(0);
    }

    private static void endWithCaller() {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // Nobody says anything.
                        }
                    } catch (IOException e) {
                        // The same as its end.
                    }
                    Runtime.getRuntime().halt(1);
                },
                "caller");
        watch.setDaemon(true);
        watch.start();
    }

    /** A document can name addresses. Nothing here may follow them. */
    private static void refuseConnections() {
        URL.setURLStreamHandlerFactory(protocol -> switch (protocol) {
            case "http", "https", "ftp", "mailto" -> new NoConnection();
            default -> null;
        });
    }
}
