/** Results and data recorded outside this project, with which it is judged. */
@NullMarked
package dev.unroll.testing.golden;

import org.jspecify.annotations.NullMarked;
