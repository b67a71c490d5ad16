/** What the story needs before and between its steps. */
@NullMarked
package io.sendense.demo;

import org.jspecify.annotations.NullMarked;
