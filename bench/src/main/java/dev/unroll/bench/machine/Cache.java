package dev.unroll.bench.machine;

/**
 * A data or unified cache.
 *
 * @param level 1 is the nearest
 * @param bytes its size
 * @param sharedBy logical processors that share it; 0 when unknown
 */
public record Cache(int level, long bytes, int sharedBy) {}
