package io.tailrace.ingest.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.People;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class RegistrationTest {
    private final Http http = TestIngest.shared().anonymous();

    @Test
    void it_answers_with_the_account() {
        String email = People.freshEmail();

        Http.Answer answer = http.post(
                "/auth/register",
                """
                {"email": "%s", "password": "long enough", "name": "Zoë 🐎", "phone": "+49 30 123456"}"""
                        .formatted(email));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(UUID.fromString(answer.body().path("id").asText()).version()).isEqualTo(7);
        assertThat(answer.body().path("email").asText()).isEqualTo(email);
        assertThat(answer.body().path("name").asText()).isEqualTo("Zoë 🐎");
        assertThat(answer.body().path("phone").asText()).isEqualTo("+49 30 123456");
        assertThat(answer.body().path("created_at").asText()).endsWith("Z");
        assertThat(answer.body().size()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({
        "(555) 123-4567, (555) 123-4567",
        "030/1234567, 030/1234567",
        "030\u00a01234567, 030 1234567",
        "+٤٩ ٣٠ ١٢٣٤٥٦, +49 30 123456"
    })
    void a_phone_number_is_taken_as_people_write_it(String phone, String kept) {
        Http.Answer answer = http.post(
                "/auth/register",
                """
                {"email": "%s", "password": "long enough", "name": "Zoë", "phone": "%s"}"""
                        .formatted(People.freshEmail(), phone));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().path("phone").asText()).isEqualTo(kept);
    }

    @Test
    void the_password_is_kept_as_argon2id_only() {
        String email = People.freshEmail();

        http.post("/auth/register", People.registration(email));

        List<String> hashes = TestPostgres.shared()
                .column("select password_hash from accounts where email_key = ?", email.toLowerCase(Locale.ROOT));
        assertThat(hashes).hasSize(1);
        assertThat(hashes.getFirst())
                .startsWith("$argon2id$v=19$m=19456,t=2,p=1$")
                .doesNotContain(People.PASSWORD);
    }

    @Test
    void an_address_has_one_account_however_it_is_spelt() {
        String email = People.freshEmail();
        http.post("/auth/register", People.registration(email));

        Http.Answer again = http.post("/auth/register", People.registration(email.toUpperCase(Locale.ROOT)));

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.problem()).isEqualTo("email-taken");
    }

    @Test
    void of_many_registrations_of_one_address_at_once_one_wins() throws Exception {
        String body = People.registration(People.freshEmail());
        List<Integer> statuses = new ArrayList<>();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> register = () -> http.post("/auth/register", body).status();
            for (Future<Integer> future : threads.invokeAll(List.of(register, register, register, register))) {
                statuses.add(future.get());
            }
        }

        assertThat(statuses).containsExactlyInAnyOrder(201, 409, 409, 409);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"password\": \"long enough\", \"name\": \"A\"} | email",
                "{\"email\": \"no-at\", \"password\": \"long enough\", \"name\": \"A\"} | email",
                "{\"email\": \"a@b\", \"password\": \"long enough\", \"name\": \"A\"} | email",
                "{\"email\": \"a@b.c\\r\\nBcc: x@y.z\", \"password\": \"long enough\", \"name\": \"A\"} | email",
                "{\"email\": \"a@b.c\", \"password\": \"short\", \"name\": \"A\"} | password",
                "{\"email\": \"a@b.c\", \"password\": 12345678, \"name\": \"A\"} | password",
                "{\"email\": \"a@b.c\", \"password\": \"long enough\"} | name",
                "{\"email\": \"a@b.c\", \"password\": \"long enough\", \"name\": \"\"} | name",
                "{\"email\": \"a@b.c\", \"password\": \"long enough\", \"name\": \" \"} | name",
                "{\"email\": \"a@b.c\", \"password\": \"long enough\", \"name\": \"a\\nb\"} | name",
                "{\"email\": \"a@b.c\", \"password\": \"long enough\", \"name\": [\"A\"]} | name",
                "{\"email\": \"a@b.c\", \"password\": \"long enough\", \"name\": \"A\", \"phone\": \"call me\"} |"
                        + " phone",
                "{\"email\": \"a@b.c\", \"password\": \"long enough\", \"name\": \"A\", \"phone\": \"1\"} | phone",
                "{\"email\": \"a@b.c\", \"password\": \"long enough\", \"name\": \"\u0301\u0308\"} | name",
                "{\"email\": \"a@b.c\", \"password\": \"long enough\", \"name\": \"\u3164 \u200b\"} | name",
                "{\"email\": \"a@b.c\", \"password\": \"long enough\", \"name\": \"A\", \"role\": \"admin\"} | role",
            })
    void what_is_not_as_it_must_be_is_400_and_says_where(String body, String field) {
        Http.Answer answer = http.post("/auth/register", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("validation");
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly(field);
    }

    @Test
    void a_name_with_nul_is_400() {
        Http.Answer answer = http.post(
                "/auth/register", "{\"email\": \"a@b.c\", \"password\": \"long enough\", \"name\": \"a\\u0000\"}");

        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void every_fault_is_told_at_once_and_no_password_is_repeated() {
        Http.Answer answer =
                http.post("/auth/register", "{\"email\": \"x\", \"password\": \"hunter2\", \"name\": \"\"}");

        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly("email", "password", "name");
        assertThat(answer.body().toString()).doesNotContain("hunter2");
    }
}
