package io.tailrace.contracts.cursor;

/** CRC-8 with polynomial 0x07 and initial value 0 (CRC-8/SMBUS). Finds a cursor that was cut or mistyped. */
final class Crc8 {
    private static final int[] TABLE = table();

    private Crc8() {}

    static int of(byte[] bytes, int length) {
        int crc = 0;
        for (int i = 0; i < length; i++) {
            crc = TABLE[(crc ^ bytes[i]) & 0xff];
        }
        return crc;
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x80) != 0 ? (crc << 1 ^ 0x07) & 0xff : crc << 1;
            }
            table[i] = crc;
        }
        return table;
    }
}
