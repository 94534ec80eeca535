/**
 * The recurrent cells: their weights and options, fused forward passes over a sequence, and single
 * steps.
 *
 * <p>One step called T times gives the bits of one pass over T steps.
 */
@NullMarked
package dev.unroll.cell;

import org.jspecify.annotations.NullMarked;
