package dev.unroll.testing.data;

/**
 * Two ranges of one length, in one array or in two: how arguments can alias.
 *
 * @param sameArray whether both lie in one array
 * @param first where the one that is read begins
 * @param second where the one that is written begins
 * @param length of both
 */
public record TwoRanges(boolean sameArray, int first, int second, int length) {

  /** Whether both are one range of one array. */
  public boolean same() {
    return sameArray && first == second;
  }

  /** Whether they share elements without being the same. */
  public boolean overlapInPart() {
    return sameArray && first != second && Math.abs(first - second) < length;
  }

  /** Elements that an array needs to hold either, or both. */
  public int extent() {
    return Math.max(first, second) + length;
  }
}
