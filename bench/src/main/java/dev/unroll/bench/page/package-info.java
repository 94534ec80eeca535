/** A report for readers: Markdown, and HTML with plots. */
@NullMarked
package dev.unroll.bench.page;

import org.jspecify.annotations.NullMarked;
