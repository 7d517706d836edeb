package io.tailrace.systemtests.fuzz.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request of HTTP/1.1 on its way to being wrong. What is text here goes out as ISO-8859-1, so it may hold any byte. */
final class Draft {
    /** A line of the head; the value may hold anything, line breaks too. */
    record Header(String name, String value) {}

    String method;
    String target;
    String version = "HTTP/1.1";
    String lineEnd = "\r\n";
    final List<Header> headers = new ArrayList<>();
    byte[] body = new byte[0];

    @Nullable
    JsonNode json;

    /** Whether {@code Content-Length} is added. */
    boolean framed = true;

    /** Whether it is a whole request by the letter of HTTP, so that a connection closed without a word is no answer. */
    boolean answerOwed = true;

    /** Whether an answer with 2xx would let in somebody who may not. */
    boolean mustBeRefused;

    /** The name of the template that it began as. */
    final String source;

    Draft(Template template, String authority) {
        source = template.name();
        method = template.method();
        target = template.path();
        add("Host", authority);
        if (template.token() != null) {
            add("Authorization", "Bearer " + template.token());
        }
        template.headers().forEach(this::add);
        if (template.body() != null) {
            add("Content-Type", "application/json");
            json = template.body().deepCopy();
            body(json.toString());
        }
    }

    void add(String name, String value) {
        headers.add(new Header(name, value));
    }

    void set(String name, String value) {
        headers.removeIf(header -> header.name().equalsIgnoreCase(name));
        add(name, value);
    }

    void remove(String name) {
        headers.removeIf(header -> header.name().equalsIgnoreCase(name));
    }

    void body(String text) {
        body = text.getBytes(StandardCharsets.UTF_8);
    }

    /** The bytes to send. */
    byte[] bytes() {
        StringBuilder head = new StringBuilder(method)
                .append(' ')
                .append(target)
                .append(version.isEmpty() ? "" : " ")
                .append(version)
                .append(lineEnd);
        for (Header header : headers) {
            head.append(header.name()).append(": ").append(header.value()).append(lineEnd);
        }
        if (framed && (body.length > 0 || !method.equals("GET"))) {
            head.append("Content-Length: ").append(body.length).append(lineEnd);
        }
        head.append(lineEnd);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(body);
        return out.toByteArray();
    }
}
