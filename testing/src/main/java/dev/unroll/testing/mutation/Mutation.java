package dev.unroll.testing.mutation;

/**
 * A bug to plant.
 *
 * @param bug what it is, in a few words
 * @param file the source, below the folder of sources
 * @param snippet a piece of it that occurs exactly once
 * @param replacement what to put in its place
 */
public record Mutation(String bug, String file, String snippet, String replacement) {

  /**
   * The source with the bug.
   *
   * @throws AssertionError when the snippet does not occur exactly once: the source has changed and
   *     the mutation has to follow
   */
  public String applyTo(String source) {
    int at = source.indexOf(snippet);
    if (at < 0 || source.indexOf(snippet, at + 1) >= 0) {
      throw new AssertionError(
          "%s: the snippet occurs %s in %s: %s"
              .formatted(bug, at < 0 ? "nowhere" : "more than once", file, snippet));
    }
    return source.substring(0, at) + replacement + source.substring(at + snippet.length());
  }
}
