package io.tailrace.systemtests.fuzz.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.systemtests.fuzz.request.Case;
import io.tailrace.systemtests.fuzz.wire.Answer;
import io.tailrace.systemtests.fuzz.wire.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Says of each answer whether it is one that docs/protocol.md has. Thread-safe. */
public final class Judge {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TYPES = "https://tailrace.io/problems/";
    private static final Set<String> UNAVAILABLE = Set.of(TYPES + "unavailable", TYPES + "too-many-connections");

    /** What our inside looks like; nothing that is sent holds any of it. */
    private static final Pattern INSIDE = Pattern.compile(
            "\\bat"
                + " [a-z]+\\.[a-zA-Z.]+\\(|Exception|io\\.micronaut|org\\.(postgresql|apache)|com\\.fasterxml|io\\.netty|SQLState|java\\.(lang|util)\\.(?!Runtime)");

    private final Findings findings;
    private final Map<Integer, Integer> statuses = new TreeMap<>();

    /** A judge that adds what is wrong. */
    public Judge(Findings findings) {
        this.findings = findings;
    }

    /** Looks at what became of a case. */
    public void see(Case one, Outcome outcome) {
        switch (outcome) {
            case Outcome.Fine() -> {}
            case Outcome.Silent() -> find("neither answered nor closed", one, "");
            case Outcome.Nonsense(String what) -> find("nonsense", one, what);
            case Outcome.Closed() -> {
                if (one.answerOwed()) {
                    find("closed without an answer", one, "");
                }
            }
            case Outcome.Answered(var answers) -> answers.forEach(answer -> see(one, answer));
        }
    }

    /** How often each status was answered. */
    public synchronized Map<Integer, Integer> statuses() {
        return new TreeMap<>(statuses);
    }

    private void see(Case one, Answer answer) {
        int status = answer.status();
        synchronized (this) {
            statuses.merge(status, 1, Integer::sum);
        }
        if (one.mustBeRefused() && status < 400) {
            find("let in", one, "answered " + status);
        }
        if (answer.headers().containsKey("x-fuzz-injected")) {
            find("injected", one, answer.headers().toString());
        }
        if (status >= 400) {
            String wrong = problem(answer, one.head());
            if (status >= 500 && status != 503) {
                find("status " + status, one, answer.text());
            } else if (!wrong.isEmpty()) {
                find("no problem", one, status + ": " + wrong);
            }
            if (INSIDE.matcher(answer.text()).find()) {
                find("shows its inside", one, answer.text());
            }
        }
    }

    private static String problem(Answer answer, boolean head) {
        String type = answer.header("content-type");
        // RFC 9110, 9.3.2: what describes the content may be left out of an answer to HEAD.
        if (head && type.isEmpty()) {
            return "";
        }
        if (!type.startsWith("application/problem+json")) {
            return "the content type is \"" + type + "\"";
        }
        if (head) {
            return "";
        }
        try {
            JsonNode problem = JSON.readTree(answer.body());
            boolean whole = problem != null
                    && problem.path("type").asText().startsWith(TYPES)
                    && problem.path("status").asInt() == answer.status()
                    && !problem.path("title").asText().isEmpty();
            if (!whole) {
                return "the problem is " + answer.text();
            }
            boolean documented = answer.status() != 503
                    || UNAVAILABLE.contains(problem.path("type").asText())
                            && answer.header("retry-after").matches("[0-9]+");
            return documented ? "" : "a 503 without its type or Retry-After: " + answer.text();
        } catch (IOException e) {
            return "the body is no JSON: " + answer.text();
        }
    }

    private void find(String kind, Case one, String words) {
        String sent = new String(one.bytes(), 0, Math.min(600, one.bytes().length), StandardCharsets.ISO_8859_1)
                .replaceAll("(?i)(bearer |access_token=|tailrace_token=)[A-Za-z0-9_=.-]{20,}", "$1***")
                .replace("\r", "\\r")
                .replace("\n", "\\n")
                .replaceAll("[^\\x20-\\x7e]", "?");
        findings.add(kind, one + " [" + sent + "] " + words.replaceAll("[^\\x20-\\x7e]+", " "));
    }
}
