/**
 * The main job end to end on real parts, as a story that prints what was proved.
 *
 * <p>It is not the product's configuration; it only starts it.
 */
@NullMarked
package io.sendense.demo;

import org.jspecify.annotations.NullMarked;
