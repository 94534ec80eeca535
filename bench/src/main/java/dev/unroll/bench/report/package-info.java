/** How figures leave the program: tables, JSON, progress. */
@NullMarked
package dev.unroll.bench.report;

import org.jspecify.annotations.NullMarked;
