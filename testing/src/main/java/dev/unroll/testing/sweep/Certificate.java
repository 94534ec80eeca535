package dev.unroll.testing.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a sweep found.
 *
 * @param function its name
 * @param inputs how many floats were tried; 2^32 are all
 * @param maxUlp the largest error
 * @param limit what was allowed
 * @param at the argument with the largest error
 * @param got the result there
 * @param exact the reference there
 * @param subnormalUlp the largest error where the exact result is subnormal
 * @param rounded how many results are the float nearest to the reference
 * @param nans how many results are NaN
 * @param infinities how many results are infinite
 * @param monotone whether this was asked
 * @param symmetry odd, even or none: what was asked
 * @param saturatesAbove from where on all results are that of +Inf
 * @param saturatesBelow from where down all results are that of -Inf
 * @param specials results of zeros, subnormals, ones, the largest, infinities and NaN
 * @param hash SHA-256 over the raw bits of all results, in chunks, in the order of the arguments'
 *     bits; the same for any number of threads. NaNs count with their payload, so for one hash on
 *     all machines a kernel has to say which NaN it gives
 * @param faults what was asked and does not hold, at most one line for each stretch of arguments
 */
public record Certificate(
    String function,
    long inputs,
    double maxUlp,
    double limit,
    float at,
    float got,
    double exact,
    double subnormalUlp,
    long rounded,
    long nans,
    long infinities,
    boolean monotone,
    String symmetry,
    float saturatesAbove,
    float saturatesBelow,
    Map<Float, Float> specials,
    String hash,
    List<String> faults) {

  private static final int SHOWN = 5;

  /**
   * Fails when anything that was asked does not hold.
   *
   * @throws AssertionError with the first faults
   */
  public void mustHold() {
    if (!faults.isEmpty()) {
      throw new AssertionError(
          function
              + " "
              + String.join(
                  System.lineSeparator() + function + " ",
                  faults.subList(0, Math.min(SHOWN, faults.size()))));
    }
  }

  /** The share of results that are the float nearest to the reference. */
  public double share() {
    return (double) rounded / Math.max(1, inputs);
  }

  /** For people. */
  public String text() {
    StringBuilder values = new StringBuilder();
    specials.forEach((x, y) -> values.append("    f(%s) = %s\n".formatted(x, y)));
    return String.format(
        Locale.ROOT,
        """
        %s over %d floats
          max %.4f ULP, limit %s
            at %s (0x%08x): got %s, exactly %s
          subnormal results: max %.4f ULP
          nearest float: %.4f %%
          monotone: %s; symmetry: %s
          constant from %s up, from %s down
          NaN: %d, infinite: %d
        %s  sha-256 %s
          %s
        """,
        function,
        inputs,
        maxUlp,
        limit,
        at,
        bits(at),
        got,
        exact,
        subnormalUlp,
        100 * share(),
        monotone ? "yes" : "not asked",
        symmetry,
        saturatesAbove,
        saturatesBelow,
        nans,
        infinities,
        values,
        hash,
        faults.isEmpty() ? "all holds" : "BROKEN: " + faults.getFirst());
  }

  private static int bits(float x) {
    return Float.floatToRawIntBits(x);
  }

  /** For programs; numbers that JSON does not know are strings. */
  public String json() {
    StringBuilder json = new StringBuilder("{\n");
    field(json, "function", quote(function));
    field(json, "inputs", Long.toString(inputs));
    field(json, "maxUlp", number(maxUlp));
    field(json, "limit", number(limit));
    field(json, "at", number(at));
    field(json, "atBits", quote("0x%08x".formatted(bits(at))));
    field(json, "got", number(got));
    field(json, "exact", number(exact));
    field(json, "subnormalUlp", number(subnormalUlp));
    field(json, "nearest", Long.toString(rounded));
    field(json, "nans", Long.toString(nans));
    field(json, "infinities", Long.toString(infinities));
    field(json, "monotone", Boolean.toString(monotone));
    field(json, "symmetry", quote(symmetry));
    field(json, "saturatesAbove", number(saturatesAbove));
    field(json, "saturatesBelow", number(saturatesBelow));
    List<String> values = new ArrayList<>();
    specials.forEach((x, y) -> values.add(quote(Float.toString(x)) + ": " + number(y)));
    field(json, "specials", "{" + String.join(", ", values) + "}");
    field(json, "sha256", quote(hash));
    json.append("  \"faults\": [");
    json.append(String.join(", ", faults.stream().map(Certificate::quote).toList()));
    return json.append("]\n}\n").toString();
  }

  private static void field(StringBuilder json, String name, String value) {
    json.append("  ").append(quote(name)).append(": ").append(value).append(",\n");
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : quote(Double.toString(value));
  }

  private static String number(float value) {
    return Float.isFinite(value) ? Float.toString(value) : quote(Float.toString(value));
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c == '"' || c == '\\' ? "\\" : "").append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
