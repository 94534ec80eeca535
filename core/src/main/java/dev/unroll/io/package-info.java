/**
 * Files: {@link dev.unroll.io.Safetensors safetensors}, read as if hostile and written whole or not
 * at all, and the mapping of {@link dev.unroll.io.PyTorch PyTorch's} names and gate orders onto the
 * cells.
 *
 * <p>What a file says wrongly is a {@link dev.unroll.io.SafetensorsException}; what a caller says
 * wrongly is an unchecked exception that names the parameter.
 */
@NullMarked
package dev.unroll.io;

import org.jspecify.annotations.NullMarked;
