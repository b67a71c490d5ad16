/** Tests of the demo's guest, which is real. */
@NullMarked
package io.sendense.demo.guest;

import org.jspecify.annotations.NullMarked;
