package io.tailrace.standalone.house;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown page, as far as its links and its code spans go. Fenced blocks are left out of both. Immutable.
 *
 * @param name the file as one names it from the root
 * @param text all of it
 */
record Page(String name, String text) {
    private static final Pattern FENCE = Pattern.compile(" *(`{3,}|~{3,}).*");
    private static final Pattern SPAN = Pattern.compile("(?<!`)(`+)(?!`)(.+?)(?<!`)\\1(?!`)");
    private static final Pattern HEADING = Pattern.compile("(?m)^ {0,3}#{1,6}\\s+(.*?)\\s*#*\\s*$");
    private static final Pattern EXPLICIT_ANCHOR = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"");
    private static final Pattern INLINE_LINK = Pattern.compile("]\\(\\s*<?([^)\\s>]+)>?(?:\\s+\"[^\"]*\")?\\s*\\)");
    private static final Pattern DEFINITION = Pattern.compile("(?m)^ {0,3}\\[([^\\]]+)]:\\s*(\\S+)");

    /** A code span as a link that is defined elsewhere on the page. */
    private static final Pattern REFERENCE = Pattern.compile("\\[(`[^`\\]]+`)](?![\\[(:])");

    /** The targets of its links, those of reference definitions among them. */
    List<String> links() {
        String bare = SPAN.matcher(withoutBlocks()).replaceAll("code");
        return Stream.concat(
                        INLINE_LINK.matcher(bare).results().map(link -> link.group(1)),
                        DEFINITION.matcher(bare).results().map(link -> link.group(2)))
                .toList();
    }

    /** Code spans that are links without a target. */
    List<String> undefinedReferences() {
        String prose = withoutBlocks();
        Set<String> defined = new HashSet<>();
        DEFINITION.matcher(prose).results().forEach(definition -> defined.add(definition.group(1)));
        return REFERENCE
                .matcher(prose)
                .results()
                .map(reference -> reference.group(1))
                .filter(label -> !defined.contains(label))
                .distinct()
                .toList();
    }

    /** What its code spans say. */
    List<String> codeSpans() {
        return SPAN.matcher(withoutBlocks())
                .results()
                .map(span -> span.group(2).strip())
                .toList();
    }

    /** What a link can lead to on it: its headings as GitHub names them, and explicit anchors. */
    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> times = new HashMap<>();
        HEADING.matcher(withoutBlocks())
                .results()
                .map(heading -> slug(heading.group(1)))
                .forEach(slug -> {
                    int before = times.merge(slug, 1, Integer::sum) - 1;
                    anchors.add(before == 0 ? slug : slug + "-" + before);
                });
        EXPLICIT_ANCHOR.matcher(text).results().map(anchor -> anchor.group(1)).forEach(anchors::add);
        return anchors;
    }

    private static String slug(String heading) {
        return heading.replaceAll("!?\\[([^\\]]*)]\\([^)]*\\)", "$1")
                .replaceAll("<[^>]*>", "")
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc}\\- ]", "")
                .replace(' ', '-');
    }

    /** All finds of a pattern anywhere on the page, also in blocks. */
    Stream<MatchResult> find(Pattern pattern) {
        return pattern.matcher(text).results();
    }

    private String withoutBlocks() {
        List<String> lines = new ArrayList<>();
        String fence = "";
        for (String line : text.split("\n", -1)) {
            Matcher marker = FENCE.matcher(line);
            if (marker.matches() && fence.isEmpty()) {
                fence = marker.group(1);
            } else if (!fence.isEmpty()) {
                fence = marker.matches() && marker.group(1).startsWith(fence) ? "" : fence;
            } else {
                lines.add(line);
            }
        }
        return String.join("\n", lines);
    }
}
