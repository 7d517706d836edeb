package io.tailrace.contracts.person;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneNumberTest {
    @ParameterizedTest
    @CsvSource({
        "+4930123456, +4930123456, 4930123456",
        "+49 (0)30 12 34-56, +49 (0)30 12 34-56, 49030123456",
        "(555) 123-4567, (555) 123-4567, 5551234567",
        "(+49) 30 123456, (+49) 30 123456, 4930123456",
        "+1 (555) - 123 4567, +1 (555) - 123 4567, 15551234567",
        "555-123(4567), 555-123(4567), 5551234567",
        "030/123456, 030/123456, 030123456",
        "030.12.34.56, 030.12.34.56, 030123456",
        "555\u00a0123\u202f4567, 555 123 4567, 5551234567",
        "555\u2011123\u20134567, 555-123-4567, 5551234567",
        "٠٣٠ ١٢٣٤٥٦, 030 123456, 030123456",
        "०३० १२३४५६, 030 123456, 030123456",
        "（０３）１２３４－５６７８, (03)1234-5678, 0312345678",
        "\u202a+49 30 123456\u202c, +49 30 123456, 4930123456",
        "'  +49 30 123456 ', +49 30 123456, 4930123456",
    })
    void aNumberIsTakenAsPeopleWriteIt(String text, String written, String digits) {
        assertThat(PhoneNumber.parse(text)).contains(new PhoneNumber(written, digits));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "(1)",
                "+1",
                "123456",
                "1234567890123456",
                "call me",
                "+49 30 123456 ext 5",
                "+49+30123456",
                "12345+67",
                "++4930123456",
                "-4930123456",
                "4930123456-",
                "4930123\n456",
                "4930123456\u0000",
                "½½½½½½½",
                "①②③④⑤⑥⑦",
                "1 2 3 4                                                                            5 6 7"
            })
    void aTextThatIsNoNumberIsRefused(String text) {
        assertThat(PhoneNumber.parse(text)).isEmpty();
    }

    @Test
    void aPartOfANumberHasItsDigitsAndAnotherTextNone() {
        assertThat(PhoneNumber.digitsOfPart("5) 12")).isEqualTo("512");
        assertThat(PhoneNumber.digitsOfPart("٣٠/١")).isEqualTo("301");
        assertThat(PhoneNumber.digitsOfPart("+")).isEmpty();
        assertThat(PhoneNumber.digitsOfPart("12a")).isEmpty();
    }

    @Property
    void whateverIsTakenIsTakenAgainAsItIsWritten(@ForAll String text) {
        Optional<PhoneNumber> once = PhoneNumber.parse(text);

        assertThat(once.flatMap(number -> PhoneNumber.parse(number.written()))).isEqualTo(once);
    }
}
