package dev.unroll.io;

import static dev.unroll.io.SafetensorsException.quote;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The words of JSON that a header is made of: punctuation, strings and integers.
 *
 * <p>Reads through a small buffer and grows only with bytes that have really arrived, so a declared
 * length allocates nothing, and a file is refused at its first wrong byte.
 */
final class JsonScanner {
  /** What {@link #peek} and {@link #next} return after the last byte. */
  static final int END = -1;

  private static final int BUFFER_BYTES = 8192;

  /** Enough of a broken string to recognise it. */
  private static final int SHOWN_BYTES = 256;

  /** Enough of a wrong number to recognise it. */
  private static final int SHOWN_DIGITS = 40;

  private final String source;
  private final InputStream in;
  private final long headerBytes;

  private final byte[] buffer;
  private int position;
  private int limit;

  /** Bytes of the header that lie before the buffer's first one. */
  private long consumed;

  private byte[] text = new byte[64];
  private int textLength;

  /**
   * Prepares to scan.
   *
   * @param source how messages name the file
   * @param in positioned at the first byte of the header
   * @param headerBytes the declared length of the header
   */
  JsonScanner(String source, InputStream in, long headerBytes) {
    this.source = source;
    this.in = in;
    this.headerBytes = headerBytes;
    this.buffer = new byte[(int) Math.min(BUFFER_BYTES, Math.max(headerBytes, 1))];
  }

  /** An integer from 0 to 2^63 - 1, without leading zeros. */
  long integer(String where, String key) throws IOException {
    int c = peek();
    if (c != '-' && (c < '0' || c > '9')) {
      throw syntax(where + " must have only integers, 0 to 2^63 - 1, in its " + key);
    }
    if (c == '-') {
      throw number(where, key, "");
    }
    next();
    long value = Character.digit(c, 10);
    c = peek();
    if (value == 0 && c >= '0' && c <= '9') {
      throw number(where, key, "0");
    }
    while (c >= '0' && c <= '9') {
      long digit = Character.digit(c, 10);
      if (value > (Long.MAX_VALUE - digit) / 10) {
        throw number(where, key, Long.toString(value));
      }
      value = value * 10 + digit;
      next();
      c = peek();
    }
    if (c == '.' || c == 'e' || c == 'E') {
      throw number(where, key, Long.toString(value));
    }
    return value;
  }

  /** Refuses a number, of which a part has been taken; the rest is read to show it. */
  private SafetensorsException number(String where, String key, String taken) throws IOException {
    long at = offset() - taken.length();
    StringBuilder shown = new StringBuilder(taken);
    while (shown.length() < SHOWN_DIGITS && peek() > ' ' && ",]}".indexOf(peek()) < 0) {
      shown.append((char) next());
    }
    return new SafetensorsException(
        source
            + ": "
            + where
            + " has the number "
            + quote(shown.toString())
            + " in its "
            + key
            + ", at byte "
            + at
            + " of the header; allowed are integers from 0 to 2^63 - 1 without sign, fraction,"
            + " exponent or leading zero");
  }

  /** A key and the colon after it. */
  String key() throws IOException {
    skipWhitespace();
    if (peek() != '"') {
      throw syntax("a key in double quotes is needed");
    }
    String key = string();
    expect(':', "the key " + quote(key) + " must be followed by ':'");
    return key;
  }

  /** After a member of an object: true past a comma, false past the closing brace. */
  boolean anotherMember() throws IOException {
    skipWhitespace();
    int c = next();
    if (c != ',' && c != '}') {
      throw syntaxBefore("',' or '}' is needed", c);
    }
    return c == ',';
  }

  /** Takes the wanted character, after white space. */
  void expect(char wanted, String rule) throws IOException {
    skipWhitespace();
    if (peek() != wanted) {
      throw syntax(rule);
    }
    next();
  }

  /** A string, from its opening quote to its closing one. */
  String string() throws IOException {
    next();
    textLength = 0;
    boolean ascii = true;
    while (true) {
      int c = next();
      if (c == '"') {
        break;
      }
      if (c == END) {
        throw syntaxBefore("a string must end with '\"'", c);
      }
      if (c < 0x20) {
        throw syntaxBefore("a string may hold control characters only as escapes", c);
      }
      if (c == '\\') {
        ascii &= escape();
      } else {
        ascii &= c < 0x80;
        append(c);
      }
    }
    if (ascii) {
      return new String(text, 0, textLength, StandardCharsets.US_ASCII);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(text, 0, textLength))
          .toString();
    } catch (CharacterCodingException e) {
      throw new SafetensorsException(
          source
              + ": the string "
              + quote(
                  new String(text, 0, Math.min(textLength, SHOWN_BYTES), StandardCharsets.UTF_8))
              + " that ends at byte "
              + offset()
              + " of the header is not valid UTF-8");
    }
  }

  /** Appends what the escape stands for; true when that is ASCII. */
  private boolean escape() throws IOException {
    int c = next();
    switch (c) {
      case '"', '\\', '/' -> append(c);
      case 'b' -> append('\b');
      case 'f' -> append('\f');
      case 'n' -> append('\n');
      case 'r' -> append('\r');
      case 't' -> append('\t');
      case 'u' -> {
        return unicodeEscape();
      }
      default -> throw syntaxBefore("allowed after a backslash are \" \\ / b f n r t u", c);
    }
    return true;
  }

  private boolean unicodeEscape() throws IOException {
    int unit = hex4();
    int codePoint = unit;
    if (Character.isLowSurrogate((char) unit)) {
      throw loneSurrogate(unit);
    }
    if (Character.isHighSurrogate((char) unit)) {
      if (next() != '\\' || next() != 'u') {
        throw loneSurrogate(unit);
      }
      int low = hex4();
      if (!Character.isLowSurrogate((char) low)) {
        throw loneSurrogate(unit);
      }
      codePoint = Character.toCodePoint((char) unit, (char) low);
    }
    if (codePoint < 0x80) {
      append(codePoint);
      return true;
    }
    if (codePoint < 0x800) {
      append(0xC0 | codePoint >> 6);
    } else {
      if (codePoint < 0x10000) {
        append(0xE0 | codePoint >> 12);
      } else {
        append(0xF0 | codePoint >> 18);
        append(0x80 | (codePoint >> 12 & 0x3F));
      }
      append(0x80 | (codePoint >> 6 & 0x3F));
    }
    append(0x80 | (codePoint & 0x3F));
    return false;
  }

  private int hex4() throws IOException {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int c = next();
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw syntaxBefore("\\u must be followed by four hexadecimal digits", c);
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private void append(int b) {
    if (textLength == text.length) {
      text = Arrays.copyOf(text, 2 * textLength);
    }
    text[textLength++] = (byte) b;
  }

  void skipWhitespace() throws IOException {
    int c = peek();
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      next();
      c = peek();
    }
  }

  /** The next byte of the header, or END after its last one. */
  int peek() throws IOException {
    if (position == limit && !fill()) {
      return END;
    }
    return buffer[position] & 0xFF;
  }

  /** Takes the next byte. */
  int next() throws IOException {
    int c = peek();
    if (c != END) {
      position++;
    }
    return c;
  }

  private boolean fill() throws IOException {
    consumed += limit;
    position = 0;
    limit = 0;
    long remaining = headerBytes - consumed;
    if (remaining == 0) {
      return false;
    }
    int count = in.read(buffer, 0, (int) Math.min(buffer.length, remaining));
    if (count <= 0) {
      throw new SafetensorsException(
          source
              + ": the header is declared as "
              + headerBytes
              + " bytes, but the file ends after "
              + consumed
              + " of them (truncated)");
    }
    limit = count;
    return true;
  }

  private long offset() {
    return consumed + position;
  }

  /** The next byte breaks the rule. */
  SafetensorsException syntax(String rule) throws IOException {
    return syntaxAt(rule, peek(), offset());
  }

  /** The byte just taken breaks the rule. */
  SafetensorsException syntaxBefore(String rule, int c) {
    return syntaxAt(rule, c, c == END ? offset() : offset() - 1);
  }

  private SafetensorsException syntaxAt(String rule, int c, long offset) {
    String found =
        c == END
            ? "the header ends"
            : c > 0x20 && c < 0x7F
                ? "found '" + (char) c + "'"
                : String.format("found byte 0x%02x", c);
    return new SafetensorsException(
        source + ": " + rule + "; " + found + " at byte " + offset + " of the header");
  }

  private SafetensorsException loneSurrogate(int unit) {
    return new SafetensorsException(
        source
            + ": the escape "
            + String.format("\\u%04x", unit)
            + " before byte "
            + offset()
            + " of the header is half of a surrogate pair; allowed are whole characters");
  }
}
