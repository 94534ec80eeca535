package dev.unroll.io;

import java.io.IOException;
import java.io.Serial;

/**
 * A safetensors file that is malformed, or that does not hold what was asked of it.
 *
 * <p>The message names the file, the tensor or key at fault, the value found and what would have
 * been allowed. Everything quoted from the file is escaped and shortened, so that a hostile name
 * can neither forge log lines nor fill them.
 */
public final class SafetensorsException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  /** The longest piece of a file that is repeated in a message. */
  private static final int QUOTED_LENGTH = 80;

  /**
   * Creates an exception.
   *
   * @param message what is wrong, where, and what is allowed
   */
  public SafetensorsException(String message) {
    super(message);
  }

  /** Quotes text taken from a file: control characters escaped, long text cut. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), QUOTED_LENGTH) + 16).append('"');
    int end = Math.min(text.length(), QUOTED_LENGTH);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (Character.isISOControl(c)
          || Character.getType(c) == Character.FORMAT
          || Character.getType(c) == Character.LINE_SEPARATOR
          || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
          || Character.isSurrogate(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
    if (text.length() > end) {
      out.append("... (").append(text.length()).append(" characters)");
    }
    return out.toString();
  }
}
