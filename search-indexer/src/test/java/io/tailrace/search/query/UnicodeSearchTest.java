package io.tailrace.search.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.backends.Eventually;
import io.tailrace.search.testing.TestService;
import io.tailrace.search.testing.TestTokens;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Searches for what people with other alphabets write, in a real Elasticsearch. */
@Tag("server")
class UnicodeSearchTest {
    private static final String LONG = "x ".repeat(900) + "behind Многоточие " + "😀".repeat(1500) + " the end Žižka";
    private static final String DOMAIN = "d" + UUID.randomUUID().toString().substring(0, 8) + ".example";
    private static final Map<String, String> IDS = new LinkedHashMap<>();
    private static TestService service;

    @BeforeAll
    static void start() {
        service = TestService.start();
        for (String name : List.of(
                "Пётр Иванов",
                "Ёлкин Андрей",
                "Jürgen Müllerschön",
                "Παπαδόπουλος Νίκος",
                "Łukasz Wałęsa",
                "Øystein Ærø",
                "Zoë Ångström",
                "İstanbul Ağa",
                "Straße Weiß",
                "Đặng Văn Hùng",
                "Þórður Guðmundsson",
                "ＦＵＬＬ Ｗｉｄｔｈ",
                "O’Brien Seán",
                "각하 ガギグ",
                "\u0301\u0308",
                "👩\u200d🚀 Valentina")) {
            IDS.put(
                    name,
                    TestService.user(name, "u" + IDS.size() + "@" + DOMAIN, null)
                            .id()
                            .toString());
        }
        IDS.put(
                "phone",
                TestService.user("Someone", "phone@" + DOMAIN, "(555) 123\u20114567")
                        .id()
                        .toString());
        IDS.put(
                "phone2",
                TestService.user("Some Two", "phone2@" + DOMAIN, "٠٣٠/٧٦٥٤٣٢١")
                        .id()
                        .toString());
        IDS.put("long", TestService.post(LONG).id().toString());
        Eventually.holds(
                "all is indexed",
                () -> service.found("users", DOMAIN).size() == IDS.size() - 1
                        && service.found("posts", "").contains(IDS.get("long")));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ВАНОВ, Пётр Иванов",
        "петр, Пётр Иванов",
        "ПЁТР ИВАН, Пётр Иванов",
        "Елкин, Ёлкин Андрей",
        "елки, Ёлкин Андрей",
        "ÜLLERSCH, Jürgen Müllerschön",
        "ullersch, Jürgen Müllerschön",
        "u\u0308llersch, Jürgen Müllerschön",
        "ΑΠΑΔ, Παπαδόπουλος Νίκος",
        "ΠΑΠΑΔΟΠΟΥΛΟΣ, Παπαδόπουλος Νίκος",
        "νικος, Παπαδόπουλος Νίκος",
        "Lukasz, Łukasz Wałęsa",
        "WALESA, Łukasz Wałęsa",
        "łęsa, Łukasz Wałęsa",
        "Oystein, Øystein Ærø",
        "AERO, Øystein Ærø",
        "Zoe\u0308, Zoë Ångström",
        "zoe, Zoë Ångström",
        "angstrom, Zoë Ångström",
        "A\u030angstro\u0308m, Zoë Ångström",
        "istanbul, İstanbul Ağa",
        "ISTANBUL, İstanbul Ağa",
        "STRASSE, Straße Weiß",
        "weiss, Straße Weiß",
        "dang van, Đặng Văn Hùng",
        "thordur, Þórður Guðmundsson",
        "gudmund, Þórður Guðmundsson",
        "full width, ＦＵＬＬ Ｗｉｄｔｈ",
        "ll Ｗi, ＦＵＬＬ Ｗｉｄｔｈ",
        "'o''bri', O’Brien Seán",
        "각하, 각하 ガギグ",
        "\u1100\u1161\u11a8\u1112\u1161, 각하 ガギグ",
        "ｶﾞｷﾞ, 각하 ガギグ",
        "🚀, 👩\u200d🚀 Valentina",
        // With typing errors.
        "Иванев, Пётр Иванов",
        "Lukaz, Łukasz Wałęsa",
        "Papadopulos, ",
    })
    void findsANameInWhateverCaseAndWithWhateverMarks(String q, String name) {
        assertThat(own(service.found("users", q)))
                .isEqualTo(name == null ? List.of() : List.of(String.valueOf(IDS.get(name))));
    }

    @ParameterizedTest
    @CsvSource({"ehind, long", "МНОГОТОЧ, long", "zizka, long", "nd Ži, long", "😀😀 the, long", "😁, "})
    void findsPartsAtAnyPlaceOfALongPost(String q, String which) {
        assertThat(own(service.found("posts", q))).isEqualTo(which == null ? List.of() : List.of(IDS.get(which)));
    }

    @ParameterizedTest
    @CsvSource({
        "5551234567, phone",
        "(555) 123-4567, phone",
        "555/123 45, phone",
        "555\u00a0123, phone",
        "٥٥٥١٢٣, phone",
        "0307654321, phone2",
        "030 765, phone2",
    })
    void findsAPhoneNumberHoweverItIsWritten(String q, String which) {
        assertThat(own(service.found("users", q))).containsExactly(IDS.get(which));
    }

    @ParameterizedTest
    @CsvSource({
        "ВАНОВ, Пётр И<em>ванов</em>",
        "петр, <em>Пётр</em> Иванов",
        "ullersch, Jürgen M<em>üllersch</em>ön",
        "lukasz wal, <em>Łukasz Wał</em>ęsa",
        "istan, <em>İstan</em>bul Ağa",
        "aga, İstanbul <em>Ağa</em>",
        "asse, Str<em>aße</em> Weiß",
        "as, Str<em>aß</em>e Weiß",
        "aero, Øystein <em>Ærø</em>",
        "👩, <em>👩\u200d🚀</em> Valentina",
        "Иванев, Пётр <em>Иванов</em>",
    })
    void marksWhatItFoundWhereItStandsInTheValue(String q, String marked) {
        assertThat(marks("users", q, "name")).contains(marked);
    }

    @Test
    void marksInALongPostAreValidUnicodeAroundTheFirstMark() {
        for (String q : List.of("многоточие", "😀", "the end")) {
            List<String> marks = marks("posts", q, "text");
            assertThat(marks).isNotEmpty().allMatch(each -> each.contains("<em>"));
            String mark = String.join("\n", marks);
            assertThat(new String(mark.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(mark);
        }
    }

    @Test
    void countsTheCharactersOfAQueryAndNotItsUtf16Units() {
        assertThat(service.search("posts", "😀".repeat(200)).statusCode()).isEqualTo(200);
        assertThat(service.search("posts", "😀".repeat(201)).statusCode()).isEqualTo(400);
        assertThat(post("{'wildcard': {'text': '*" + "😀".repeat(198) + "*'}}").statusCode())
                .isEqualTo(200);
        assertThat(post("{'wildcard': {'text': '*" + "😀".repeat(199) + "*'}}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void takesAQueryOfNothingButMarksAndOneThatGrowsWhenItIsFolded() {
        assertThat(own(service.found("users", "\u0301\u0308"))).containsExactly(IDS.get("\u0301\u0308"));
        assertThat(own(service.found("users", "\u0327"))).isEmpty();
        assertThat(service.search("users", "´").statusCode()).isEqualTo(200);
        assertThat(service.search("users", "\u200b").statusCode()).isEqualTo(200);
        assertThat(service.search("users", "\u0301 \u200b \u0308").statusCode()).isEqualTo(200);
        assertThat(service.search("users", "ﷺ".repeat(200)).statusCode()).isIn(200, 400);
        assertThat(service.search("users", "ß".repeat(200)).statusCode()).isEqualTo(200);
        assertThat(service.search("users", ("ß".repeat(24) + " ").repeat(8).strip())
                        .statusCode())
                .isEqualTo(200);
        assertThat(service.search("users", ("4".repeat(24) + " ").repeat(8).strip())
                        .statusCode())
                .isEqualTo(200);
        assertThat(service.search("users", "e" + "\u0301".repeat(199)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void ignoresTheCaseOfEveryAlphabetForProgramsThatAskForIt() {
        assertThat(ids(post("{'wildcard': {'name': {'value': '*ВАНОВ', 'case_insensitive': true}}}")))
                .containsExactly(IDS.get("Пётр Иванов"));
        assertThat(ids(post("{'wildcard': {'name': {'value': 'İST*ağ?', 'case_insensitive': true}}}")))
                .containsExactly(IDS.get("İstanbul Ağa"));
        assertThat(ids(post("{'wildcard': {'name': '*ванов'}}"))).containsExactly(IDS.get("Пётр Иванов"));
        assertThat(ids(post("{'wildcard': {'name': '*ванов*'}}"))).containsExactly(IDS.get("Пётр Иванов"));
        assertThat(ids(post("{'wildcard': {'name': '*ВАНОВ'}}"))).isEmpty();
        assertThat(ids(post("{'wildcard': {'name': '*ла*Иван*'}}"))).isEmpty();
        assertThat(ids(post("{'match': {'name': {'query': 'ANGSTROM'}}}"))).containsExactly(IDS.get("Zoë Ångström"));
        assertThat(ids(post("{'prefix': {'name': 'Þor'}}"))).containsExactly(IDS.get("Þórður Guðmundsson"));
        assertThat(ids(post("{'term': {'name': 'ёлкин'}}"))).containsExactly(IDS.get("Ёлкин Андрей"));
    }

    private static HttpResponse<String> post(String query) {
        String index = query.contains("'text'") ? "posts" : "users";
        return service.post(
                "/search/" + index,
                TestTokens.token("support"),
                ("{'size': 100, 'query': " + query + "}").replace('\'', '"'));
    }

    private static List<String> ids(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        TestService.json(response)
                .get("hits")
                .forEach(hit -> ids.add(hit.get("id").textValue()));
        return own(ids);
    }

    /** The log has what other tests write, too. */
    private static List<String> own(List<String> ids) {
        return ids.stream().filter(IDS::containsValue).toList();
    }

    private static List<String> marks(String index, String q, String field) {
        List<String> marks = new ArrayList<>();
        for (JsonNode hit : TestService.json(service.search(index, q)).get("hits")) {
            hit.at("/highlights/" + field).forEach(mark -> marks.add(mark.textValue()));
        }
        return marks;
    }
}
